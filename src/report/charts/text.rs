//! Measuring, shortening and wrapping text with the embedded faces.

use super::theme::{self, Lettering};
use plotters::prelude::IntoFont;
use plotters::style::FontStyle;

/// Pixels at which text is measured: large, because the drawing library rounds to whole ones.
const MEASURED_AT: f64 = 1240.0;
/// What the em of the embedded faces is at that height (2816 units of 3408 from top to bottom).
const EM: f64 = MEASURED_AT * 2816.0 / 3408.0;

/// How wide a text is, in pixels.
pub(super) fn width(words: &str, lettering: Lettering) -> f64 {
    let face = if lettering.bold { FontStyle::Bold } else { FontStyle::Normal };
    let measured = theme::fonts_are_ready()
        .then(|| (theme::FAMILY, MEASURED_AT, face).into_font().layout_box(words).ok())
        .flatten();
    match measured {
        Some((_, (pixels, _))) => f64::from(pixels) * lettering.size / EM,
        // Without a font nothing will be drawn either.
        None => 0.6 * lettering.size * words.chars().count() as f64,
    }
}

/// The text, or as much of its beginning as there is room for.
pub(super) fn shorten(words: &str, lettering: Lettering, room: f64) -> String {
    if width(words, lettering) <= room {
        return words.to_owned();
    }
    let ends: Vec<usize> = words.char_indices().map(|(at, _)| at).collect();
    let fits = ends.partition_point(|end| width(&cut(words, *end), lettering) <= room);
    match fits.checked_sub(1) {
        Some(last) => cut(words, ends[last]),
        None => String::new(),
    }
}

fn cut(words: &str, end: usize) -> String {
    format!("{}…", words[..end].trim_end_matches([' ', ',', '\u{a0}']))
}

/// The text in as few lines as there is room for, two of them of about equal length; at most
/// `lines`, the last of them shortened where that is too few.
pub(super) fn wrap(words: &str, lettering: Lettering, room: f64, lines: usize) -> Vec<String> {
    let pieces: Vec<&str> = words.split(' ').filter(|piece| !piece.is_empty()).collect();
    let widths: Vec<f64> = pieces.iter().map(|piece| width(piece, lettering)).collect();
    let space = width(" ", lettering);
    let needed = breaks(&widths, space, room).len();
    if needed > lines {
        let mut starts = breaks(&widths, space, room);
        starts.truncate(lines);
        return starts
            .iter()
            .enumerate()
            .map(|(line, from)| match starts.get(line + 1) {
                Some(to) => shorten(&pieces[*from..*to].join(" "), lettering, room),
                None => shorten(&pieces[*from..].join(" "), lettering, room),
            })
            .collect();
    }
    if needed == 2 {
        let split = best_split(&pieces, &widths, space, room);
        return [&pieces[..split], &pieces[split..]].iter().map(|half| half.join(" ")).collect();
    }
    let starts = breaks(&widths, space, room);
    starts
        .iter()
        .enumerate()
        .map(|(line, from)| {
            let to = starts.get(line + 1).copied().unwrap_or(pieces.len());
            shorten(&pieces[*from..to].join(" "), lettering, room)
        })
        .collect()
}

/// Where to break a text of two lines: where both are about as long, rather after a comma than
/// within a phrase, and never after a word that wants the next one.
fn best_split(pieces: &[&str], widths: &[f64], space: f64, room: f64) -> usize {
    const CLINGING: [&str; 14] =
        ["a", "an", "and", "at", "by", "for", "in", "is", "of", "on", "only", "the", "to", "with"];
    let line =
        |part: &[f64]| part.iter().sum::<f64>() + space * part.len().saturating_sub(1) as f64;
    let mut best = (f64::INFINITY, 1);
    for split in 1..pieces.len() {
        let (first, second) = (line(&widths[..split]), line(&widths[split..]));
        if first > room || second > room {
            continue;
        }
        let last = pieces[split - 1];
        let pause = if last.ends_with([',', ';', '.', ':']) { -0.3 } else { 0.0 };
        let clings = if CLINGING.contains(&last) { 0.2 } else { 0.0 };
        let cost = (first - second).abs() / room + pause + clings;
        if cost < best.0 {
            best = (cost, split);
        }
    }
    best.1
}

/// The first piece of each line when lines are filled one after the other.
fn breaks(widths: &[f64], space: f64, room: f64) -> Vec<usize> {
    let (mut starts, mut used) = (Vec::new(), 0.0);
    for (piece, width) in widths.iter().enumerate() {
        if starts.is_empty() || used + space + width > room {
            starts.push(piece);
            used = *width;
        } else {
            used += space + width;
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::theme::{LABEL, TITLE};

    #[test]
    fn a_text_is_shortened_to_its_room() {
        assert_eq!(shorten("capacity", LABEL, 400.0), "capacity");
        let short = shorten("A very long name of a scenario", LABEL, 120.0);
        assert!(short.ends_with('…') && width(&short, LABEL) <= 120.0, "{short}");
        assert_eq!(shorten("capacity", LABEL, 2.0), "");
    }

    #[test]
    fn lines_are_balanced_and_never_too_wide() {
        let sentence = "The backlog peaks at 8,400 on 14 December and is cleared by 22 January";
        let lines = wrap(sentence, TITLE, 700.0, 3);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines.join(" "), sentence);
        let widths: Vec<f64> = lines.iter().map(|line| width(line, TITLE)).collect();
        assert!((widths[0] / widths[1] - 1.0).abs() < 0.2, "{widths:?}");
        let squeezed = wrap(sentence, TITLE, 300.0, 2);
        assert_eq!(squeezed.len(), 2);
        assert!(squeezed[1].ends_with('…'));
        assert!(wrap("", TITLE, 300.0, 2).is_empty());
        assert_eq!(wrap(&"x".repeat(300), TITLE, 300.0, 2).len(), 1);
    }

    #[test]
    fn cyrillic_is_in_the_face() {
        // A missing letter would be as wide as the box that stands for it: nearly one em.
        assert!(width("илица", LABEL) < 0.75 * 5.0 * LABEL.size);
    }
}
