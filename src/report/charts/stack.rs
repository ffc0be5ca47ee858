//! Names of stacked layers, in a column beside them and in their order.

use super::canvas::{Canvas, Pen, Rect};
use super::crowd;
use super::text;
use super::theme::{Colour, INK, LABEL, RULE};

/// Distance between names.
const GAP: f64 = 23.0;

/// A layer and its name.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Layer {
    /// What it is called.
    pub(super) name: String,
    /// Its colour.
    pub(super) colour: Colour,
    /// Whether it is a line rather than an area.
    pub(super) is_line: bool,
    /// Height of its middle where it meets the column, if it has any thickness there.
    pub(super) meets: Option<f64>,
}

/// Room the column needs.
pub(super) fn room(names: &[String]) -> f64 {
    let widest = names.iter().map(|name| text::width(name, LABEL)).fold(0.0, f64::max);
    widest.min(190.0) + 52.0
}

/// Writes the names of layers, the lowest first, from `left` on, each near where its layer ends.
pub(super) fn draw(canvas: &mut Canvas, layers: &[Layer], left: f64, bounds: Rect) {
    let seen: Vec<f64> = layers.iter().filter_map(|layer| layer.meets).collect();
    // Layers that have vanished there line up above those that have not.
    let mut last = seen.first().copied().unwrap_or((bounds.top + bounds.bottom) / 2.0);
    let wanted: Vec<f64> = layers
        .iter()
        .map(|layer| {
            last = layer.meets.unwrap_or(last).min(last) - 1e-3;
            last
        })
        .collect();
    let half = GAP / 2.0;
    let placed = crowd::spread(&wanted, GAP, bounds.top + half, bounds.bottom - half);
    for (layer, middle) in layers.iter().zip(placed) {
        if let Some(meets) = layer.meets {
            let bend = [(left - 2.0, meets), (left + 14.0, middle), (left + 18.0, middle)];
            canvas.line(bend.to_vec(), Pen::new(RULE, 1.0));
        }
        let swatch = Rect::new(left + 20.0, middle - 7.0, left + 34.0, middle + 7.0);
        if layer.is_line {
            canvas.level(swatch.left, swatch.right, middle, Pen::new(layer.colour, 2.6));
        } else {
            canvas.rect(swatch.grown(0.6), RULE, 1.0);
            canvas.rect(swatch, layer.colour, 1.0);
        }
        let room = bounds.right - left - 40.0;
        let name = text::shorten(&layer.name, LABEL, room);
        let foot = middle + LABEL.cap_height() / 2.0;
        canvas.text((left + 40.0, foot), &name, LABEL.bold(false).colour(INK));
    }
}
