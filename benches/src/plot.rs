//! Times by size, as an SVG: panels beside each other, with logarithmic axes and the same scale of times.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// One panel.
pub(crate) struct Panel {
    /// What its sizes count.
    pub(crate) what: &'static str,
    /// What it shows.
    pub(crate) lines: Vec<Line>,
}

/// One line of a panel.
pub(crate) struct Line {
    /// What the legend calls it.
    pub(crate) name: &'static str,
    /// Sizes and milliseconds, all above zero.
    pub(crate) points: Vec<(f64, f64)>,
}

/// Colours that those who see fewer of them can still tell apart, and dashes for those who see none.
const STYLES: [(&str, &str); 4] = [
    ("#0072b2", "none"),
    ("#d55e00", "7 4"),
    ("#007a5a", "2 4"),
    ("#7a4a7f", "9 3 2 3"),
];

const PANEL: f64 = 540.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 74.0;
const HEIGHT: f64 = 420.0;
const BOTTOM: f64 = 56.0;

/// The plot.
pub(crate) fn svg(panels: &[Panel]) -> String {
    let width = PANEL * panels.len() as f64;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" \
         height=\"{HEIGHT}\" font-family=\"Helvetica, Arial, DejaVu Sans, sans-serif\" font-size=\"13\" fill=\"#222\" role=\"img\">\n\
         <title>Time of a save by size</title>\n\
         <rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    let points = || panels.iter().flat_map(|panel| &panel.lines);
    let times = decades(points().flat_map(|line| line.points.iter().map(|point| point.1)));
    for (index, panel) in panels.iter().enumerate() {
        let sizes = panel.lines.iter().flat_map(|line| &line.points);
        let frame = Frame {
            left: PANEL * index as f64 + LEFT,
            width: PANEL - LEFT - RIGHT,
            sizes: decades(sizes.map(|point| point.0)),
            times: times.clone(),
        };
        frame.draw(&mut text, panel);
    }
    text.push_str("</svg>\n");
    text
}

/// The powers of ten around all values: one decade at least.
fn decades(values: impl Iterator<Item = f64>) -> RangeInclusive<i32> {
    let logs: Vec<f64> = values
        .filter(|value| *value > 0.0)
        .map(f64::log10)
        .collect();
    let low = logs.iter().copied().fold(f64::INFINITY, f64::min);
    let high = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return 0..=1;
    }
    let low = low.floor() as i32;
    low..=(high.ceil() as i32).max(low + 1)
}

/// Where a panel's values go.
struct Frame {
    left: f64,
    width: f64,
    sizes: RangeInclusive<i32>,
    times: RangeInclusive<i32>,
}

impl Frame {
    fn x(&self, size: f64) -> f64 {
        self.left + self.width * share(&self.sizes, size)
    }

    fn y(&self, time: f64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share(&self.times, time)
    }

    fn draw(&self, text: &mut String, panel: &Panel) {
        self.grid(text);
        let middle = self.left + self.width / 2.0;
        let _ = writeln!(
            text,
            "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            HEIGHT - 14.0,
            panel.what
        );
        let _ = writeln!(
            text,
            "<text x=\"{:.1}\" y=\"22\" font-size=\"15\" font-weight=\"bold\">Milliseconds by {}</text>",
            self.left, panel.what
        );
        let mut legend = self.left;
        for (line, style) in panel.lines.iter().zip(STYLES.iter().cycle()) {
            self.line(text, line, *style);
            key(text, legend, line.name, *style);
            legend += 46.0 + 7.2 * line.name.len() as f64;
        }
    }

    /// Thin lines for each digit, thicker ones with labels for powers of ten.
    fn grid(&self, text: &mut String) {
        let (right, bottom) = (self.left + self.width, HEIGHT - BOTTOM);
        for (value, label) in ticks(&self.sizes) {
            let x = self.x(value);
            let _ = writeln!(
                text,
                "<path d=\"M{x:.1} {TOP:.1}V{bottom:.1}\" stroke=\"{}\"/>",
                shade(label.is_some())
            );
            if let Some(label) = label {
                let _ = writeln!(
                    text,
                    "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
                    bottom + 18.0
                );
            }
        }
        for (value, label) in ticks(&self.times) {
            let y = self.y(value);
            let _ = writeln!(
                text,
                "<path d=\"M{:.1} {y:.1}H{right:.1}\" stroke=\"{}\"/>",
                self.left,
                shade(label.is_some())
            );
            if let Some(label) = label {
                let _ = writeln!(
                    text,
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                    self.left - 7.0,
                    y + 4.5
                );
            }
        }
    }

    fn line(&self, text: &mut String, line: &Line, (colour, dashes): (&str, &str)) {
        let places: Vec<(f64, f64)> = line
            .points
            .iter()
            .map(|&(size, time)| (self.x(size), self.y(time)))
            .collect();
        let path: Vec<String> = places
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let _ = writeln!(
            text,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>",
            path.join(" ")
        );
        for (x, y) in places {
            let _ = writeln!(
                text,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>"
            );
        }
    }
}

/// An entry of the legend.
fn key(text: &mut String, x: f64, name: &str, (colour, dashes): (&str, &str)) {
    let _ = writeln!(
        text,
        "<path d=\"M{x:.1} 48H{:.1}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>\
         <circle cx=\"{:.1}\" cy=\"48\" r=\"3.5\" fill=\"{colour}\"/>\
         <text x=\"{:.1}\" y=\"52.5\">{name}</text>",
        x + 28.0,
        x + 14.0,
        x + 34.0
    );
}

/// How far along the axis a value is, from 0 to 1.
fn share(decades: &RangeInclusive<i32>, value: f64) -> f64 {
    let (low, high) = (f64::from(*decades.start()), f64::from(*decades.end()));
    (value.log10() - low) / (high - low)
}

/// Every digit of every decade; powers of ten have a label.
fn ticks(decades: &RangeInclusive<i32>) -> Vec<(f64, Option<String>)> {
    let mut ticks = Vec::new();
    for decade in decades.clone() {
        let power = 10_f64.powi(decade);
        ticks.push((power, Some(label(power))));
        if decade < *decades.end() {
            ticks.extend((2..10).map(|digit| (power * f64::from(digit), None)));
        }
    }
    ticks
}

fn label(power: f64) -> String {
    if power < 1.0 {
        format!("{power}")
    } else {
        crate::report::grouped(power as usize)
    }
}

fn shade(is_power: bool) -> &'static str {
    if is_power { "#bbb" } else { "#eee" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_spans_whole_decades() {
        assert_eq!(decades([3.0, 250.0].into_iter()), 0..=3);
        assert_eq!(decades([1.0].into_iter()), 0..=1);
        assert_eq!(decades([0.4, 10.0].into_iter()), -1..=1);
        assert_eq!(decades(std::iter::empty()), 0..=1);
    }
}
