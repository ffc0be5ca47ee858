//! Charts as PNG, for programs that take no SVG.

use super::ChartError;
use super::theme;
use png::{ColorType, DeflateCompression, Encoder, EncodingError, Filter};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::{Arc, OnceLock};

/// Pixels of the picture per pixel of the chart: sharp on a projector and in print.
const SHARPNESS: f32 = 2.0;

/// Renders the SVG of a chart as PNG, at twice its size. Only the embedded faces are used, so the
/// picture is the same on every machine.
///
/// *Errors*: text that is no SVG.
pub fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    let options =
        Options { fontdb: fonts(), font_family: "Inter".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(ChartError::Svg)?;
    let size = tree.size().to_int_size().scale_by(SHARPNESS);
    let sheet = size.and_then(|size| Pixmap::new(size.width(), size.height()));
    let mut sheet = sheet.ok_or_else(|| ChartError::Png("it would be too large".into()))?;
    sheet.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SHARPNESS, SHARPNESS), &mut sheet.as_mut());
    encode(&sheet).map_err(|problem| ChartError::Png(problem.into()))
}

/// The lightest compression makes files a third larger than the usual one, in a fifth of its time;
/// on a sheet without holes, transparency would be a quarter of the work for nothing.
fn encode(sheet: &Pixmap) -> Result<Vec<u8>, EncodingError> {
    let colours: Vec<u8> =
        sheet.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    let mut picture = Vec::new();
    let mut encoder = Encoder::new(&mut picture, sheet.width(), sheet.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_deflate_compression(DeflateCompression::Level(1));
    encoder.set_filter(Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(picture)
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(theme::REGULAR.to_vec());
        fonts.load_font_data(theme::SEMIBOLD.to_vec());
        Arc::new(fonts)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_twice_as_large() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"/>";
        let picture = png(svg).unwrap();
        assert_eq!(picture[1..4], *b"PNG");
        assert_eq!(picture[16..24], [0, 0, 0, 80, 0, 0, 0, 60]);
        assert!(matches!(png("no picture"), Err(ChartError::Svg(_))));
    }
}
