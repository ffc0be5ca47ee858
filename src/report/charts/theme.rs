//! How all charts look: size, colours, lettering.
//!
//! The hues are those of Okabe and Ito, which people with the common colour deficiencies can tell
//! apart; wherever two of them meet, they also differ in lightness, in dash or in a printed word,
//! so that a chart survives a black-and-white printer.
//!
//! *Source*: Okabe and Ito 2008, "Color universal design".

use plotters::style::{FontStyle, register_font};
use std::sync::OnceLock;

/// Width of a chart, in pixels: sixteen to nine, as a slide.
pub(super) const WIDTH: f64 = 1280.0;
/// Height of a chart, in pixels.
pub(super) const HEIGHT: f64 = 720.0;
/// Empty space left and right.
pub(super) const MARGIN: f64 = 52.0;

/// The family as written into the SVG: the embedded face first, then what others have at hand.
pub(super) const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";
/// The regular face.
pub(super) const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
/// The semibold face.
pub(super) const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");

/// A colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8);

impl Colour {
    /// The colour that lies `share` of the way to another.
    pub(super) fn towards(self, other: Colour, share: f64) -> Colour {
        let between = |a: u8, b: u8| {
            (f64::from(a) + (f64::from(b) - f64::from(a)) * share.clamp(0.0, 1.0)).round() as u8
        };
        Colour(between(self.0, other.0), between(self.1, other.1), between(self.2, other.2))
    }

    /// How light it looks, from 0 for black to 1 for white.
    pub(super) fn lightness(self) -> f64 {
        let [red, green, blue] = [self.0, self.1, self.2].map(f64::from);
        (0.299 * red + 0.587 * green + 0.114 * blue) / 255.0
    }

    /// The ink that can be read on it.
    pub(super) fn ink_on(self) -> Colour {
        if self.lightness() > 0.55 { INK } else { WHITE }
    }
}

/// The paper.
pub(super) const WHITE: Colour = Colour(255, 255, 255);
/// Titles and whatever matters most.
pub(super) const INK: Colour = Colour(24, 36, 48);
/// Axis labels, subtitles.
pub(super) const GREY: Colour = Colour(84, 97, 110);
/// Leaders and quiet rules.
pub(super) const RULE: Colour = Colour(150, 160, 170);
/// Grid lines.
pub(super) const GRID: Colour = Colour(226, 230, 234);

/// The backlog, and whatever is well.
pub(super) const BLUE: Colour = Colour(0, 114, 178);
/// Trouble: shortages, follow-ups, the naive division.
pub(super) const VERMILION: Colour = Colour(213, 94, 0);
/// A surge.
pub(super) const ORANGE: Colour = Colour(230, 159, 0);
/// Help that arrives.
pub(super) const GREEN: Colour = Colour(0, 158, 115);
/// One more hue.
pub(super) const SKY: Colour = Colour(86, 180, 233);
/// One more hue.
pub(super) const PURPLE: Colour = Colour(204, 121, 167);
/// Genuine new work: the calm ground on which follow-ups stand out.
pub(super) const SLATE: Colour = Colour(176, 188, 200);

/// Colours for `count` steps from young to old, each darker than the one before.
pub(super) fn ramp(count: usize) -> Vec<Colour> {
    const STOPS: [Colour; 6] = [
        Colour(253, 236, 190),
        Colour(250, 207, 120),
        Colour(240, 166, 60),
        Colour(214, 115, 30),
        Colour(163, 71, 18),
        Colour(92, 36, 10),
    ];
    (0..count)
        .map(|step| {
            let place = if count > 1 { step as f64 / (count - 1) as f64 } else { 0.5 } * 5.0;
            let below = (place.floor() as usize).min(4);
            STOPS[below].towards(STOPS[below + 1], place - below as f64)
        })
        .collect()
}

/// Where a text stands in relation to its point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Align {
    /// It begins there.
    Left,
    /// Its middle is there.
    Middle,
    /// It ends there.
    Right,
}

/// How a text is set.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Lettering {
    /// Height of the type, in pixels.
    pub(super) size: f64,
    /// Whether it is semibold.
    pub(super) bold: bool,
    /// Its colour.
    pub(super) colour: Colour,
    /// Where it stands.
    pub(super) align: Align,
}

/// The sentence above a chart.
pub(super) const TITLE: Lettering = Lettering::new(27.0, true, INK);
/// What is shown, under the title.
pub(super) const SUBTITLE: Lettering = Lettering::new(17.0, false, GREY);
/// Names of lines and areas.
pub(super) const LABEL: Lettering = Lettering::new(16.0, true, INK);
/// Remarks inside a chart.
pub(super) const REMARK: Lettering = Lettering::new(15.0, false, INK);
/// Numbers and dates along the axes.
pub(super) const TICK: Lettering = Lettering::new(15.0, false, GREY);
/// What an axis counts, above it.
pub(super) const CAPTION: Lettering = Lettering::new(15.0, true, GREY);
/// The line at the bottom.
pub(super) const FOOTER: Lettering = Lettering::new(13.5, false, GREY);

impl Lettering {
    const fn new(size: f64, bold: bool, colour: Colour) -> Lettering {
        Lettering { size, bold, colour, align: Align::Left }
    }

    /// The same, elsewhere.
    pub(super) const fn align(self, align: Align) -> Lettering {
        Lettering { align, ..self }
    }

    /// The same in another colour.
    pub(super) const fn colour(self, colour: Colour) -> Lettering {
        Lettering { colour, ..self }
    }

    /// The same in another size.
    pub(super) const fn size(self, size: f64) -> Lettering {
        Lettering { size, ..self }
    }

    /// The same, semibold or not.
    pub(super) const fn bold(self, bold: bool) -> Lettering {
        Lettering { bold, ..self }
    }

    /// How far a capital letter or a figure rises above the line it stands on.
    pub(super) fn cap_height(self) -> f64 {
        0.727 * self.size
    }
}

/// Makes the embedded faces known to the drawing library, once; false where it refuses them.
pub(super) fn fonts_are_ready() -> bool {
    static READY: OnceLock<bool> = OnceLock::new();
    *READY.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, SEMIBOLD).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_of_the_ramp_is_darker_than_the_one_before() {
        for count in [0, 1, 2, 6, 9] {
            let ramp = ramp(count);
            assert_eq!(ramp.len(), count);
            assert!(ramp.windows(2).all(|pair| pair[0].lightness() > pair[1].lightness() + 0.05));
        }
    }

    #[test]
    fn the_embedded_faces_are_accepted_and_small() {
        assert!(fonts_are_ready());
        assert!(REGULAR.len() < 80_000 && SEMIBOLD.len() < 80_000);
    }
}
