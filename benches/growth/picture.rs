//! The curves: a panel for each axis, all on one scale.

use super::Measured;
use super::desk::AXES;
use std::fmt::Write as _;

const PANEL: (f64, f64) = (236.0, 240.0);
const LEFT: f64 = 64.0;
const TOP: f64 = 64.0;
const GAP: f64 = 20.0;

/// Colours of the two lines, told apart by everybody.
const LINES: [(&str, &str); 2] = [("by touch", "#0072B2"), ("by touch or contact", "#D55E00")];

/// The chart as SVG.
pub(crate) fn draw(all: &[Measured]) -> String {
    let width = LEFT + (PANEL.0 + GAP) * AXES.len() as f64;
    let height = TOP + PANEL.1 + 62.0;
    let most = all.iter().map(|one| one.ns_by_touch).fold(1.0, f64::max);
    let step = [50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0];
    let step = step.into_iter().find(|step| most / step <= 8.0).unwrap_or(20_000.0);
    let top = (most / step).ceil() * step;
    let height_of = |ns: f64| TOP + PANEL.1 * (1.0 - ns / top);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"Inter, sans-serif\" font-size=\"12\" fill=\"#333\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"16\" font-weight=\"600\">Nanoseconds by touch of a desk \
         with everything on, as it grows</text>\n"
    );
    for (line, (words, colour)) in LINES.iter().enumerate() {
        let x = LEFT + 150.0 * line as f64;
        let _ = writeln!(svg, "<text x=\"{x}\" y=\"46\" fill=\"{colour}\">{words}</text>");
    }
    for (panel, axis) in AXES.iter().enumerate() {
        let left = LEFT + (PANEL.0 + GAP) * panel as f64;
        let (first, last) = (axis.sizes[0] as f64, axis.sizes[axis.sizes.len() - 1] as f64);
        let place = |size: u64| {
            left + 12.0 + (PANEL.0 - 24.0) * (size as f64 / first).ln() / (last / first).ln()
        };
        let mut mark = 0.0;
        while mark <= top {
            let y = height_of(mark);
            let right = left + PANEL.0;
            let _ =
                writeln!(svg, "<path d=\"M{left} {y:.1}H{right}\" stroke=\"#ddd\" fill=\"none\"/>");
            if panel == 0 {
                let (x, y) = (left - 6.0, y + 4.0);
                let _ =
                    writeln!(svg, "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\">{mark}</text>");
            }
            mark += step;
        }
        let (middle, foot) = (left + PANEL.0 / 2.0, TOP + PANEL.1);
        for size in
            [axis.sizes[0], axis.sizes[axis.sizes.len() / 2], axis.sizes[axis.sizes.len() - 1]]
        {
            let (x, y) = (place(size), foot + 18.0);
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
                surgecast::problem::grouped(size)
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"600\">{}</text>",
            foot + 40.0,
            axis.title
        );
        let of_axis: Vec<&Measured> = all.iter().filter(|one| one.axis == axis.name).collect();
        let values: [fn(&Measured) -> f64; 2] = [|one| one.ns_by_touch, Measured::ns_by_event];
        for ((_, colour), value) in LINES.iter().zip(values) {
            let at = |one: &&Measured| (place(one.size), height_of(value(one)));
            let points: Vec<String> =
                of_axis.iter().map(at).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ = writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                points.join(" ")
            );
            for (x, y) in of_axis.iter().map(at) {
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>"
                );
            }
        }
    }
    svg + "</svg>\n"
}
