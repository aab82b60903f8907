//! Pictures of numbers as text: what they say, where their parts stand.

use super::*;

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
