//! Finding room for labels: what is already drawn is noted on a coarse grid, and a label goes where
//! it covers least and stays near to what it names.

use super::canvas::{Point, Rect};
use super::theme::{HEIGHT, WIDTH};

/// Size of a cell, in pixels.
const CELL: f64 = 4.0;
const COLUMNS: usize = (WIDTH / CELL) as usize;
const ROWS: usize = (HEIGHT / CELL) as usize;

/// Where something is drawn already.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Crowd {
    /// How much it hurts to cover a cell.
    cells: Vec<f32>,
}

/// A label's place.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Place {
    /// The room for the text.
    pub(super) rect: Rect,
    /// What it names: the end of its leader.
    pub(super) anchor: Point,
}

impl Crowd {
    /// An empty sheet.
    pub(super) fn new() -> Crowd {
        Crowd { cells: vec![0.0; COLUMNS * ROWS] }
    }

    /// Notes that a rectangle is taken.
    pub(super) fn rect(&mut self, rect: Rect, weight: f32) {
        for row in rows(rect) {
            for column in columns(rect) {
                let cell = &mut self.cells[row * COLUMNS + column];
                *cell = cell.max(weight);
            }
        }
    }

    /// Notes that a line is drawn.
    pub(super) fn line(&mut self, through: &[Point], weight: f32) {
        for pair in through.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            let steps = (length / CELL).ceil().clamp(1.0, 2000.0) as usize;
            for step in 0..=steps {
                let share = step as f64 / steps as f64;
                let at = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
                self.rect(Rect::new(at.0, at.1, at.0, at.1).grown(1.0), weight);
            }
        }
    }

    /// Notes that the area between two lines over the same places is filled.
    pub(super) fn area(&mut self, upper: &[Point], lower: &[Point], weight: f32) {
        for (above, below) in upper.windows(2).zip(lower.windows(2)) {
            let top = above[0].1.min(above[1].1);
            let bottom = below[0].1.max(below[1].1);
            self.rect(Rect::new(above[0].0, top, above[1].0, bottom), weight);
        }
    }

    /// What it would hurt to cover a rectangle.
    pub(super) fn cost(&self, rect: Rect) -> f32 {
        rows(rect)
            .flat_map(|row| columns(rect).map(move |column| row * COLUMNS + column))
            .map(|cell| self.cells[cell])
            .sum()
    }

    /// Whether no line or text is drawn in a rectangle.
    pub(super) fn is_clear(&self, rect: Rect) -> bool {
        rows(rect).all(|row| columns(rect).all(|column| self.cells[row * COLUMNS + column] < EDGE))
    }

    /// The roomiest place for a text of that size between two lines over the same places, clear of
    /// everything else; nothing where it does not fit.
    pub(super) fn between(
        &self,
        size: (f64, f64),
        upper: &[Point],
        lower: &[Point],
    ) -> Option<Rect> {
        const AIR: f64 = 3.0;
        let (width, height) = (size.0 + 2.0 * AIR, size.1 + 2.0 * AIR);
        let (first, last) = (upper.first()?.0, upper.last()?.0);
        let mut best: Option<(f64, Rect)> = None;
        for (start, corner) in upper.iter().enumerate() {
            let (left, right) = (corner.0, corner.0 + width);
            if left < first || right > last {
                continue;
            }
            // One point further than the text, so that the last stretch is looked at as well.
            let end = upper[start..].partition_point(|at| at.0 < right) + start;
            let here = start..(end + 1).min(upper.len()).min(lower.len());
            let top = upper[here.clone()].iter().map(|at| at.1).fold(f64::MIN, f64::max);
            let bottom = lower[here].iter().map(|at| at.1).fold(f64::MAX, f64::min);
            let middle = (top + bottom) / 2.0;
            let rect = Rect::new(left, middle - height / 2.0, right, middle + height / 2.0);
            let slack = bottom - top - height;
            if slack >= 0.0 && best.is_none_or(|(most, _)| slack > most) && self.is_clear(rect) {
                best = Some((slack, rect.grown(-AIR)));
            }
        }
        best.map(|(_, rect)| rect)
    }

    /// The best place inside `bounds` for a text of that size that names one of the anchors,
    /// beginning with the one that is wanted most. `reach` are the distances tried. Nothing where
    /// a text would cover another.
    pub(super) fn place(
        &self,
        size: (f64, f64),
        anchors: &[Point],
        reach: &[f64],
        bounds: Rect,
    ) -> Option<Place> {
        let mut best: Option<(f32, Place)> = None;
        for (rank, anchor) in anchors.iter().enumerate() {
            for distance in reach {
                for (right, down) in around(size, *distance) {
                    let (left, top) = (anchor.0 + right, anchor.1 + down);
                    let rect = Rect::new(left, top, left + size.0, top + size.1);
                    if !bounds.holds(rect) {
                        continue;
                    }
                    let covered = self.cost(rect.grown(3.0));
                    if covered >= TEXT {
                        continue;
                    }
                    let leader = self.leader_cost(rect, *anchor);
                    let cost = 40.0 * covered + 4.0 * leader + *distance as f32 + rank as f32;
                    if best.is_none_or(|(least, _)| cost < least) {
                        best = Some((cost, Place { rect, anchor: *anchor }));
                    }
                }
            }
        }
        best.map(|(_, place)| place)
    }

    fn leader_cost(&self, rect: Rect, anchor: Point) -> f32 {
        let from = nearest(rect, anchor);
        (1..8)
            .map(|step| {
                let share = f64::from(step) / 8.0;
                let x = from.0 + (anchor.0 - from.0) * share;
                let down = from.1 + (anchor.1 - from.1) * share;
                self.cost(Rect::new(x, down, x, down))
            })
            .sum()
    }
}

/// Weight of a text: nothing may be written over it.
pub(super) const TEXT: f32 = 1000.0;
/// Weight of a line: better not cut.
pub(super) const LINE: f32 = 6.0;
/// Weight of the edge of an area.
pub(super) const EDGE: f32 = 3.0;
/// Weight of a filled area: white is better.
pub(super) const AREA: f32 = 0.05;

/// The point of a rectangle's edge where a leader to `anchor` begins: the middle of a short side
/// or the nearest point of a long one.
pub(super) fn nearest(rect: Rect, anchor: Point) -> Point {
    let middle = (rect.top + rect.bottom) / 2.0;
    if anchor.1 >= rect.top && anchor.1 <= rect.bottom {
        return (if anchor.0 > rect.right { rect.right } else { rect.left }, middle);
    }
    let x = anchor.0.clamp(rect.left + 4.0, (rect.right - 4.0).max(rect.left + 4.0));
    (x, if anchor.1 > rect.bottom { rect.bottom } else { rect.top })
}

/// Top left corners, relative to an anchor, of rectangles that lie around it at a distance.
fn around(size: (f64, f64), distance: f64) -> [Point; 8] {
    let (width, height) = size;
    let slant = distance * 0.7;
    [
        (distance, -height / 2.0),
        (-distance - width, -height / 2.0),
        (slant, -slant - height),
        (-slant - width, -slant - height),
        (slant, slant),
        (-slant - width, slant),
        (-width / 2.0, -distance - height),
        (-width / 2.0, distance),
    ]
}

fn rows(rect: Rect) -> std::ops::Range<usize> {
    cells(rect.top, rect.bottom, ROWS)
}

fn columns(rect: Rect) -> std::ops::Range<usize> {
    cells(rect.left, rect.right, COLUMNS)
}

fn cells(from: f64, to: f64, most: usize) -> std::ops::Range<usize> {
    let first = ((from / CELL).floor().max(0.0) as usize).min(most);
    let last = ((to / CELL).floor().max(-1.0) + 1.0) as usize;
    first..last.min(most)
}

/// Moves heights apart until neighbours are at least `gap` from each other, each as little as
/// possible, all between `top` and `bottom`; the order of the heights is kept.
pub(super) fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    // Groups of touching labels, each with its members and the middle they would like.
    let mut groups: Vec<(Vec<usize>, f64)> = Vec::new();
    for label in order {
        groups.push((vec![label], wanted[label].clamp(top, bottom)));
        while let [.., (first, a), (second, b)] = groups.as_slice() {
            let reach = gap * (first.len() + second.len()) as f64 / 2.0;
            if b - a >= reach {
                break;
            }
            let (above, below) = (first.len() as f64, second.len() as f64);
            let first_end = a + gap * below / 2.0;
            let second_end = b - gap * above / 2.0;
            let middle = (first_end * above + second_end * below) / (above + below);
            let members = [first.as_slice(), second.as_slice()].concat();
            let half = gap * (members.len() - 1) as f64 / 2.0;
            let middle = middle.min(bottom - half).max(top + half);
            groups.truncate(groups.len() - 2);
            groups.push((members, middle));
        }
    }
    let mut placed = vec![0.0; wanted.len()];
    for (members, middle) in groups {
        let first = middle - gap * (members.len() - 1) as f64 / 2.0;
        for (place, label) in members.into_iter().enumerate() {
            placed[label] = first + gap * place as f64;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_avoids_lines_and_texts() {
        let mut crowd = Crowd::new();
        crowd.line(&[(0.0, 300.0), (1280.0, 300.0)], LINE);
        let bounds = Rect::new(0.0, 0.0, 1280.0, 720.0);
        let first = crowd.place((80.0, 16.0), &[(600.0, 300.0)], &[12.0], bounds).unwrap();
        assert_eq!(crowd.cost(first.rect), 0.0);
        crowd.rect(first.rect, TEXT);
        let second = crowd.place((80.0, 16.0), &[(600.0, 300.0)], &[12.0], bounds).unwrap();
        assert!(!second.rect.overlaps(first.rect));
        crowd.rect(bounds, TEXT);
        assert!(crowd.place((80.0, 16.0), &[(600.0, 300.0)], &[12.0], bounds).is_none());
    }

    #[test]
    fn a_label_fits_between_lines_or_is_refused() {
        let crowd = Crowd::new();
        let upper: Vec<Point> = (0..100).map(|x| (f64::from(x) * 4.0, 100.0)).collect();
        let lower: Vec<Point> =
            (0..100).map(|x| (f64::from(x) * 4.0, 100.0 + f64::from(x))).collect();
        let rect = crowd.between((60.0, 16.0), &upper, &lower).unwrap();
        assert!((rect.width() - 60.0).abs() < 1e-9 && rect.top > 100.0 && rect.left > 300.0);
        assert!(crowd.between((60.0, 90.0), &upper, &lower).is_none());
        assert!(crowd.between((600.0, 16.0), &upper, &lower).is_none());
        assert!(crowd.between((60.0, 16.0), &[], &[]).is_none());
    }

    #[test]
    fn labels_are_spread_as_little_as_possible() {
        assert_eq!(spread(&[10.0, 50.0], 20.0, 0.0, 100.0), [10.0, 50.0]);
        assert_eq!(spread(&[52.0, 48.0], 20.0, 0.0, 100.0), [60.0, 40.0]);
        assert_eq!(spread(&[98.0, 99.0, 100.0], 20.0, 0.0, 100.0), [60.0, 80.0, 100.0]);
        assert_eq!(spread(&[0.0, 0.0, 30.0], 20.0, 0.0, 100.0), [0.0, 20.0, 40.0]);
        assert!(spread(&[], 20.0, 0.0, 100.0).is_empty());
    }
}
