//! Tables of a report, made of counts: labels in words, figures, and the filter behind each.

use ocop_core::registry::{Happening, ProducerFilter, ProductFilter, Standing};
use ocop_core::reports::{
    Count, Led, MonthCount, ProducerGroup, RevenueYear, Rows, Summary, TailFilter, YearLine, breakdown,
};

use super::scope::Ground;
use super::view::{Cell, Figure, Line, Section, Shape};

/// Headings of the columns that [`star_cells`] fills.
const STAR_HEAD: [&str; 6] = ["Sản phẩm", "Có sao", "3 sao", "4 sao", "5 sao (tỉnh)", "5 sao (trung ương)"];

/// The headings of a table whose figures are [`star_cells`].
fn star_head(first: &'static str) -> Vec<&'static str> {
    [first].into_iter().chain(STAR_HEAD).collect()
}

/// The filter of the whole scope.
pub(super) fn all(ground: &Ground<'_>) -> ProductFilter {
    ProductFilter {
        commune: ground.scope.commune.clone(),
        district: ground.scope.district.clone(),
        ..ProductFilter::default()
    }
}

fn tail(ground: &Ground<'_>) -> TailFilter {
    TailFilter {
        commune: ground.scope.commune.clone(),
        district: ground.scope.district.clone(),
        ..TailFilter::default()
    }
}

/// A number of products with the rows that the changed filter finds.
pub(super) fn products(number: i64, filter: &ProductFilter, change: impl Fn(&mut ProductFilter)) -> Cell {
    let mut narrowed = filter.clone();
    change(&mut narrowed);
    Cell::count(number, Rows::products(&narrowed))
}

fn with_stars(number: i64, filter: &ProductFilter, stars: &str, level: &str) -> Cell {
    products(number, filter, |one| (one.stars, one.level) = (stars.to_owned(), level.to_owned()))
}

fn starred(number: i64, filter: &ProductFilter) -> Cell {
    products(number, filter, |one| one.standing = Standing::Starred.code().to_owned())
}

/// Products, those with a star, and these by star.
pub(super) fn star_cells(count: &Count, filter: &ProductFilter) -> Vec<Cell> {
    let stars = &count.stars;
    vec![
        products(count.products, filter, |_| {}),
        starred(stars.sum(), filter),
        with_stars(stars.three, filter, "3", ""),
        with_stars(stars.four, filter, "4", ""),
        with_stars(stars.five_province, filter, "5", "province"),
        with_stars(stars.five_centre, filter, "5", "centre"),
    ]
}

/// Products by star and standing.
pub(super) fn stars(ground: &Ground<'_>, told: &Summary) -> Section {
    let filter = all(ground);
    let stars = &told.stars;
    let stood = |number, standing: Standing| {
        let cell = products(number, &filter, |one| one.standing = standing.code().to_owned());
        Line::new(standing.name(), vec![cell])
    };
    let lines = vec![
        Line::new("3 sao", vec![with_stars(stars.three, &filter, "3", "")]),
        Line::new("4 sao", vec![with_stars(stars.four, &filter, "4", "")]),
        Line::new("5 sao (tỉnh)", vec![with_stars(stars.five_province, &filter, "5", "province")]),
        Line::new("5 sao (trung ương)", vec![with_stars(stars.five_centre, &filter, "5", "centre")]),
        stood(told.products.expired, Standing::Expired),
        stood(told.products.revoked, Standing::Revoked),
        stood(told.products.unranked, Standing::Unranked),
    ];
    Section::new("stars", "Theo hạng sao", Shape::Bars, &["Hạng sao", "Sản phẩm"], lines)
}

/// Producers by group.
pub(super) fn producers(ground: &Ground<'_>, told: &Summary) -> Section {
    let filter = all(ground);
    let lines = told.producers.groups.iter().filter(|group| group.producers > 0).map(|group| {
        let of_group = ProductFilter { kind: group.group.code().to_owned(), ..filter.clone() };
        let cells = vec![
            producers_cell(ground, group.producers, |one| one.kind = group.group.code().to_owned()),
            products(group.products, &of_group, |_| {}),
            starred(group.starred, &of_group),
        ];
        Line::new(group.group.name(), cells)
    });
    let head = ["Loại hình", "Chủ thể", "Sản phẩm", "Có sao"];
    Section::new("producers", "Chủ thể", Shape::Table, &head, lines.collect())
}

/// A number of producers with their rows.
pub(super) fn producers_cell(ground: &Ground<'_>, number: i64, change: impl Fn(&mut ProducerFilter)) -> Cell {
    let mut filter = ProducerFilter {
        commune: ground.scope.commune.clone(),
        district: ground.scope.district.clone(),
        ..ProducerFilter::default()
    };
    change(&mut filter);
    Cell::count(number, Rows::producers(&filter))
}

/// A number of a year's happenings with their rows.
fn happened(ground: &Ground<'_>, line: &YearLine, happening: Happening) -> Cell {
    products(line.of(happening), &all(ground), |one| {
        (one.event, one.year) = (happening.code().to_owned(), line.year.to_string());
    })
}

/// What happens to products in a year, in the order it is told.
const HAPPENINGS: [Happening; 6] = [
    Happening::Joined,
    Happening::New,
    Happening::Upgraded,
    Happening::Renewed,
    Happening::Expired,
    Happening::Revoked,
];

/// What happened in the year of the day.
pub(super) fn this_year(ground: &Ground<'_>, told: &Summary) -> Section {
    let line =
        |happening: Happening| Line::new(happening.name(), vec![happened(ground, &told.year, happening)]);
    let title = format!("Trong năm {}", told.year.year);
    Section::new("year", &title, Shape::Table, &["Biến động", "Sản phẩm"], HAPPENINGS.map(line).into())
        .noted(format!("Sản phẩm mới tham gia là của {} chủ thể.", told.year.joined_producers))
}

/// Every year's happenings.
pub(super) fn happenings(ground: &Ground<'_>, years: &[YearLine]) -> Section {
    let lines = years.iter().map(|line| {
        Line::new(line.year.to_string(), HAPPENINGS.map(|one| happened(ground, line, one)).into())
    });
    let head = ["Năm", "Mới tham gia", "Công nhận mới", "Nâng hạng", "Công nhận lại", "Hết hạn", "Thu hồi"];
    Section::new("happenings", "Biến động từng năm", Shape::Table, &head, lines.collect())
        .noted("Hết hạn: giấy chứng nhận hết thời hạn trong năm và đến ngày báo cáo chưa được công nhận lại.")
}

/// Stars in force at the end of each year.
pub(super) fn trend(ground: &Ground<'_>, years: &[YearLine]) -> Section {
    let on = ground.scope.on;
    let first = years.iter().position(|line| line.stars.sum() > 0).unwrap_or(years.len());
    let lines = years.iter().skip(first).map(|line| {
        let end = chrono::NaiveDate::from_ymd_opt(line.year, 12, 31).unwrap_or(on).min(on);
        let filter = ProductFilter { on: end.to_string(), ..all(ground) };
        let stars = &line.stars;
        let cells = vec![
            starred(stars.sum(), &filter),
            with_stars(stars.three, &filter, "3", ""),
            with_stars(stars.four, &filter, "4", ""),
            with_stars(stars.five, &filter, "5", ""),
        ];
        Line::new(line.year.to_string(), cells)
    });
    let head = ["Năm", "Có sao", "3 sao", "4 sao", "5 sao"];
    Section::new("trend", "Sao đang hiệu lực cuối mỗi năm", Shape::Stack, &head, lines.collect())
        .noted("Năm của ngày báo cáo tính đến ngày đó.")
}

/// Certificates that end, by month.
pub(super) fn months(ground: &Ground<'_>, months: &[MonthCount]) -> Section {
    let lines = months.iter().map(|month| {
        let filter = ProductFilter {
            until: month.month.clone(),
            standing: Standing::Starred.code().to_owned(),
            ..all(ground)
        };
        let stars = &month.stars;
        let cells = vec![
            products(month.products, &filter, |_| {}),
            with_stars(stars.three, &filter, "3", ""),
            with_stars(stars.four, &filter, "4", ""),
            with_stars(stars.five, &filter, "5", ""),
        ];
        Line::new(month_name(&month.month), cells)
    });
    let head = ["Tháng", "Hết hạn", "3 sao", "4 sao", "5 sao"];
    Section::new("expiring", "Hết hạn trong 12 tháng", Shape::Columns, &head, lines.collect())
}

/// `03/2026` of `2026-03`.
fn month_name(month: &str) -> String {
    month.split_once('-').map_or_else(|| month.to_owned(), |(year, no)| format!("{no}/{year}"))
}

/// All that end in the twelve months.
pub(super) fn expiring_cell(ground: &Ground<'_>, months: &[MonthCount]) -> Cell {
    let filter = TailFilter { expiring: "yes".to_owned(), ..tail(ground) };
    Cell::count(months.iter().map(|month| month.products).sum(), Rows::tail(&filter))
}

/// As [`star_cells`], with all 5 stars in one figure.
fn short_star_cells(count: &Count, filter: &ProductFilter) -> Vec<Cell> {
    let mut cells = star_cells(count, filter);
    cells.truncate(4);
    cells.push(with_stars(count.stars.five, filter, "5", ""));
    cells
}

/// Products by industry, told shortly: all 5 stars in one figure.
pub(super) fn industries_shortly(ground: &Ground<'_>) -> Section {
    let head = ["Ngành", "Sản phẩm", "Có sao", "3 sao", "4 sao", "5 sao"];
    by_industry(ground, &head, short_star_cells)
}

/// Products by industry.
pub(super) fn industries(ground: &Ground<'_>) -> Section {
    by_industry(ground, &star_head("Ngành"), star_cells)
}

fn by_industry(
    ground: &Ground<'_>,
    head: &[&str],
    cells: impl Fn(&Count, &ProductFilter) -> Vec<Cell>,
) -> Section {
    let set = |no: u16| ground.regime.sets.get(&no);
    let by_no = breakdown(&ground.register, |product| {
        set(product.set_no).map(|set| (set.industry.no.clone(), set.industry.name.clone()))
    });
    let lines = by_no.iter().map(|(industry, count)| match industry {
        Some((no, name)) => {
            let filter = ProductFilter { industry: no.clone(), ..all(ground) };
            Line::new(name.clone(), cells(count, &filter))
        }
        None => Line::new("Không có trong danh mục của ngày này", bare(cells(count, &all(ground)))),
    });
    Section::new("industries", "Theo ngành", Shape::Table, head, lines.collect())
        .noted(format!("Danh mục của {}.", ground.regime.name))
}

/// The same figures without rows, where no filter can name them.
fn bare(cells: Vec<Cell>) -> Vec<Cell> {
    cells.into_iter().map(|cell| Cell::bare(cell.figure)).collect()
}

/// Products by product set.
pub(super) fn sets(ground: &Ground<'_>) -> Section {
    let by_no = breakdown(&ground.register, |product| product.set_no);
    let lines = by_no.iter().map(|(no, count)| {
        let name = ground.regime.sets.get(no).map_or("không có trong danh mục", |set| set.name.as_str());
        let filter = ProductFilter { set: no.to_string(), ..all(ground) };
        Line::new(format!("{no}. {name}"), star_cells(count, &filter))
    });
    Section::new("sets", "Theo bộ sản phẩm", Shape::Table, &star_head("Bộ sản phẩm"), lines.collect())
}

/// Products by kind of producer.
pub(super) fn kinds(ground: &Ground<'_>) -> Section {
    let by_group = breakdown(&ground.register, |product| ProducerGroup::of(product.kind));
    let lines = by_group.iter().map(|(group, count)| {
        let filter = ProductFilter { kind: group.code().to_owned(), ..all(ground) };
        Line::new(group.name(), star_cells(count, &filter))
    });
    Section::new("kinds", "Theo loại hình chủ thể", Shape::Table, &star_head("Loại hình"), lines.collect())
}

/// Products by former district or commune.
pub(super) fn places(ground: &Ground<'_>, told: &Summary, shape: Shape) -> Section {
    let has_districts = told.units.iter().any(|unit| unit.former);
    let year = told.year.year.to_string();
    let lines = told.units.iter().map(|unit| {
        let mut filter = all(ground);
        if unit.former {
            filter.district = unit.code.clone();
        } else {
            filter.commune = unit.code.clone();
        }
        let count = Count { products: unit.products, stars: unit.stars, producers: unit.producers };
        let owners = producers_cell(ground, unit.producers, |one| {
            (one.commune, one.district) = (filter.commune.clone(), filter.district.clone());
        });
        let mut cells = star_cells(&count, &filter);
        cells.push(owners);
        cells.push(products(unit.joined, &filter, |one| {
            (one.event, one.year) = (Happening::Joined.code().to_owned(), year.clone());
        }));
        cells.push(Cell::bare(Figure::Count(unit.joined_producers)));
        let put = TailFilter {
            listed_in: year.clone(),
            commune: filter.commune.clone(),
            district: filter.district,
            ..TailFilter::default()
        };
        cells.push(Cell::count(unit.put_on_platforms, Rows::tail(&put)));
        // Beside districts, a commune's line holds only the products without one: no filter says so.
        if has_districts && !unit.former {
            cells = bare(cells);
        }
        Line::new(ground.place(&unit.code), cells)
    });
    let joined = format!("Mới tham gia {year}");
    let listed = format!("Lên sàn từ 01/01/{year}");
    let mut head = star_head(if has_districts {
        "Huyện, thị xã, thành phố"
    } else {
        "Xã, phường, đặc khu"
    });
    head.extend(["Chủ thể", &joined, "Chủ thể của sản phẩm mới", &listed]);
    Section::new("places", "Theo địa bàn", shape, &head, lines.collect())
}

/// Stamps and platforms.
pub(super) fn digital(ground: &Ground<'_>, told: &Summary) -> Section {
    let filter = all(ground);
    let of = told.products.starred;
    let line = |label: String, number, with_star, change: &dyn Fn(&mut ProductFilter)| {
        let mut in_force = filter.clone();
        in_force.standing = Standing::Starred.code().to_owned();
        let cells = vec![
            products(number, &filter, change),
            products(with_star, &in_force, change),
            Cell::bare(Figure::Share { part: with_star, of }),
        ];
        Line::new(label, cells)
    };
    let (stamped, listed) = (&told.stamped, &told.listed);
    let mut lines = vec![
        line("Có tem điện tử".to_owned(), stamped.products, stamped.starred, &|one| {
            one.stamped = "yes".to_owned();
        }),
        line("Trên sàn thương mại điện tử".to_owned(), listed.products, listed.starred, &|one| {
            one.listed = "yes".to_owned();
        }),
    ];
    lines.extend(told.platforms.iter().map(|one| {
        line(format!("– {}", one.platform), one.products, one.starred, &|filter: &mut ProductFilter| {
            filter.listed.clone_from(&one.platform);
        })
    }));
    let put = TailFilter { listed_in: told.put_on_platforms.year.to_string(), ..tail(ground) };
    let since = format!("Lên sàn từ 01/01/{}", told.put_on_platforms.year);
    let cells = vec![
        Cell::count(told.put_on_platforms.products, Rows::tail(&put)),
        Cell::bare(Figure::Unknown),
        Cell::bare(Figure::Unknown),
    ];
    lines.push(Line::new(since, cells));
    let head = ["", "Sản phẩm", "Trong đó có sao", "Tỷ lệ trong số có sao"];
    Section::new("digital", "Tem điện tử, sàn thương mại điện tử", Shape::Table, &head, lines)
}

/// Revenue by year.
pub(super) fn revenue(ground: &Ground<'_>, years: &[RevenueYear]) -> Section {
    let lines = years.iter().map(|line| {
        let filter = TailFilter { revenue: line.year.to_string(), ..tail(ground) };
        let cells = vec![
            Cell::bare(Figure::Money(line.sum)),
            Cell::count(line.products, Rows::tail(&filter)),
            Cell::bare(Figure::Money(line.median)),
        ];
        Line::new(line.year.to_string(), cells)
    });
    let head = ["Năm", "Tổng doanh thu", "Sản phẩm đã khai", "Trung vị một sản phẩm"];
    Section::new("revenue", "Doanh thu", Shape::Columns, &head, lines.collect())
        .noted("Cộng từ doanh thu mà chủ thể khai cho từng sản phẩm; sản phẩm chưa khai không được ước tính.")
}

/// Who leads producers.
pub(super) fn people(women: &Led, minorities: &Led, total: i64) -> Section {
    let shown = |number: Option<i64>| Cell::bare(number.map_or(Figure::Hidden, Figure::Count));
    let line = |label: &str, led: &Led| {
        let cells = vec![
            shown(led.yes),
            shown(led.no),
            Cell::bare(Figure::Count(led.unknown)),
            Cell::bare(Figure::Count(total)),
        ];
        Line::new(label, cells)
    };
    let lines =
        vec![line("Do phụ nữ đứng đầu", women), line("Do người dân tộc thiểu số đứng đầu", minorities)];
    let head = ["Chủ thể", "Có", "Không", "Chưa khai", "Tất cả"];
    Section::new("people", "Người đứng đầu chủ thể", Shape::Table, &head, lines).noted(
        "Chỉ có tổng số. Số dưới 5, và phần còn lại của nó, không hiện ra để không nhận ra được ai; \
         vì vậy số liệu này không dẫn đến danh sách.",
    )
}

/// Stars of a line on the map.
pub(super) fn map(ground: &Ground<'_>) -> Section {
    let by_commune = breakdown(&ground.register, |product| product.commune.clone());
    let mut lines: Vec<Line> = by_commune
        .iter()
        .map(|(code, count)| {
            let filter = ProductFilter { commune: code.clone(), ..all(ground) };
            let cells = short_star_cells(count, &filter);
            let at = ground.communes.get(code).and_then(|spot| spot.at);
            Line { at, ..Line::new(ground.commune(code), cells) }
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.value(0)));
    let head = ["Xã, phường, đặc khu", "Sản phẩm", "Có sao", "3 sao", "4 sao", "5 sao"];
    Section::new("map", "Sản phẩm theo xã, phường, đặc khu", Shape::Map, &head, lines)
}
