//! Pictures of numbers as text: what they say, where their parts stand.

use ocop_core::scoring::Fraction;
use ocop_web::charts::{Bubble, DotPlot, Value, bars, columns, funnel, map, money, stack};

#[test]
fn pictures_say_in_words_what_they_show_and_trust_no_text() {
    let values = [Value::new("<b>HTX & co</b>", 3, "3"), Value::new("Hộ", 0, "0")];
    for drawn in [bars("Loại hình", &values), columns("Loại hình", &values), funnel("Loại hình", &values)]
    {
        assert!(drawn.contains("role=\"img\"") && drawn.contains("<title>Loại hình</title>"), "{drawn}");
        assert!(drawn.contains("&#60;b&#62;HTX &#38; co&#60;/b&#62;: 3; Hộ: 0</desc>"), "{drawn}");
        assert!(!drawn.contains("<b>") && !drawn.contains("style="), "{drawn}");
    }
}

#[test]
fn the_longest_bar_fills_the_width_and_nothing_is_negative() {
    let drawn = bars("x", &[Value::new("a", 4, "4"), Value::new("b", 1, "1"), Value::new("c", -2, "-2")]);
    for width in ["width=\"100.0%\"", "width=\"25.0%\"", "width=\"0.0%\""] {
        assert!(drawn.contains(width), "{width}: {drawn}");
    }
    let none = bars("x", &[]);
    assert!(none.contains("height=\"0\""));
}

#[test]
fn a_funnel_narrows_around_the_middle() {
    let drawn = funnel("x", &[Value::new("a", 100, "100"), Value::new("b", 50, "50")]);
    assert!(drawn.contains("x=\"25.0%\" y=\"60\" width=\"50.0%\""), "{drawn}");
}

#[test]
fn parts_of_a_stack_stand_on_each_other() {
    let drawn = stack("Sao", &[("2021".to_owned(), [100, 40, 10]), ("2022".to_owned(), [0, 0, 0])]);
    for part in [
        "class=\"s3\" x=\"2.7%\" y=\"72\"",
        "class=\"s4\" x=\"2.7%\" y=\"32\"",
        "class=\"s5\" x=\"2.7%\" y=\"22\"",
    ] {
        assert!(drawn.contains(part), "{part}: {drawn}");
    }
    assert!(drawn.contains("2021: 150 (3 sao 100, 4 sao 40, 5 sao 10)"));
}

#[test]
fn the_year_of_months_is_named_where_it_begins() {
    let months = ["11/2022", "12/2022", "01/2023"].map(|month| Value::new(month, 1, "1"));
    let drawn = columns("Hết hạn", &months);
    assert_eq!((drawn.matches(">2022<").count(), drawn.matches(">2023<").count()), (1, 1));
}

#[test]
fn money_is_short_over_a_column() {
    for (dong, text) in [(950, "950"), (350_900_000, "350 tr"), (1_234_500_000_000, "1.234,5 tỷ")] {
        assert_eq!(money(dong), text);
    }
}

#[test]
fn dots_stand_in_order_and_equal_ones_stack() {
    let mean = Fraction::mean(&[80, 77, 80, 79]).unwrap();
    let plot = DotPlot::of(&[80, 77, 80, 79], &mean, 2).unwrap();
    assert_eq!(plot.ends, [75, 80, 85]);
    let drawn: Vec<(&str, usize)> = plot.dots.iter().map(|(x, y)| (x.as_str(), *y)).collect();
    assert_eq!(drawn, [("20.0%", 44), ("40.0%", 44), ("50.0%", 44), ("50.0%", 31)]);
    assert_eq!(plot.mean, ("40.0%".to_owned(), "79,00".to_owned()));
    assert!(DotPlot::of(&[], &mean, 2).is_none());
}

#[test]
fn nobody_stands_outside_the_axis() {
    for totals in [&[0_u16, 100][..], &[100], &[0], &[99, 100], &[5, 10]] {
        let plot = DotPlot::of(totals, &Fraction::mean(totals).unwrap(), 2).unwrap();
        for (x, _) in &plot.dots {
            let whole: i64 = x.split('.').next().unwrap().parse().unwrap();
            assert!((0..=100).contains(&whole), "{totals:?}: {x}");
        }
    }
}

fn bubble(name: &str, value: i64, at: (i64, i64)) -> Bubble {
    Bubble { name: name.to_owned(), told: String::new(), value, at, href: "/x".to_owned() }
}

/// The numbers of an attribute, in the order of the picture.
fn numbers(drawn: &str, attribute: &str) -> Vec<i64> {
    let before = format!("{attribute}=\"");
    let values = drawn.split(&before).skip(1);
    values.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

/// Middles of the bubbles, the fullest first, and the height of the map.
fn middles(bubbles: &[Bubble]) -> (Vec<(i64, i64)>, i64) {
    let drawn = map("Bản đồ", bubbles);
    let head = drawn.split("viewBox=\"0 0 1000 ").nth(1).unwrap();
    let high = head.split('"').next().unwrap().parse().unwrap();
    (numbers(&drawn, "cx").into_iter().zip(numbers(&drawn, "cy")).collect(), high)
}

#[test]
fn north_is_up_and_east_is_right_and_everything_is_inside() {
    let bubbles = [
        bubble("a", 9, (215_000, 1_065_000)),
        bubble("b", 4, (207_000, 1_080_000)),
        bubble("c", 1, (211_000, 1_072_000)),
    ];
    let (spots, high) = middles(&bubbles);
    assert!(spots[0].1 < spots[2].1 && spots[2].1 < spots[1].1, "{spots:?}");
    assert!(spots[0].0 < spots[2].0 && spots[2].0 < spots[1].0, "{spots:?}");
    for (x, y) in spots {
        assert!((70..=930).contains(&x) && (69..=high - 69).contains(&y), "{x}, {y} of {high}");
    }
    assert_eq!(middles(&bubbles[..1]).0.len(), 1, "a single place is drawn, too");
}

#[test]
fn a_degree_is_as_wide_as_it_is_on_the_ground() {
    // At 21° north a degree of longitude is 0.934 of a degree of latitude; at 60° it is half.
    for (latitude, thousandths) in [(210_000, 934), (600_000, 500)] {
        let corners = [
            bubble("a", 3, (latitude - 5_000, 1_070_000)),
            bubble("b", 2, (latitude + 5_000, 1_070_000)),
            bubble("c", 1, (latitude - 5_000, 1_080_000)),
        ];
        let (spots, _) = middles(&corners);
        let (across, down) = (spots[2].0 - spots[0].0, spots[0].1 - spots[1].1);
        assert!((across * 1_000 / down - thousandths).abs() <= 5, "{latitude}: {across} by {down}");
    }
}

#[test]
fn a_label_that_would_cover_another_is_left_out() {
    let here = (210_000, 1_070_000);
    let crowd: Vec<Bubble> = (0..8).map(|no| bubble(&format!("Xã Trùng {no}"), 10 - no, here)).collect();
    let drawn = map("Bản đồ", &crowd);
    assert_eq!(drawn.matches("<circle").count(), 8, "every place has its bubble");
    let labels = drawn.matches("class=\"name").count();
    assert!(labels < 8, "{labels}");
}
