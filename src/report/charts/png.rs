//! Charts as PNG, for programs that take no SVG.

use super::ChartError;
use super::theme;
use resvg::tiny_skia::{Pixmap, Transform};
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
    resvg::render(&tree, Transform::from_scale(SHARPNESS, SHARPNESS), &mut sheet.as_mut());
    sheet.encode_png().map_err(|problem| ChartError::Png(problem.into()))
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
