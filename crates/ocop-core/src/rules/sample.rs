//! A small regime for tests: every feature of the format, sums that close.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ProductSet, Rules, load};

pub(crate) const REGIME: &str = r#"
id = "2026-26"
name = "Bộ quy định thử"
cite = "26/2026/QĐ-TTg"
in_force_from = 2026-05-22
part = [{ code = "A", name = "Sản phẩm", max = 40 }, { code = "B", name = "Tiếp thị", max = 25 }, { code = "C", name = "Chất lượng", max = 35 }]
band = [{ stars = 5, from = 90 }, { stars = 4, from = 70 }, { stars = 3, from = 50 }, { stars = 2, from = 30 }, { stars = 1, from = 0 }]
[reading]
mean = "Trung bình chính xác"
"#;

pub(crate) const PROCESS: &str = r#"
certificate_months = { value = 36, cite = "Điều 4" }
samples = { value = 5, cite = "Điều 6" }
[[tier]]
tier = "commune"
duty = "assess"
working_days = 15
cite = "Điều 7"
[[tier]]
tier = "province"
duty = "decide"
decides = [3, 4]
forward_from = 90
cite = "Điều 4"
[[tier]]
tier = "centre"
duty = "decide"
decides = [5]
cite = "Điều 7"
[renewal]
hearing = { value = "written", cite = "Điều 7" }
[[round]]
tier = "province"
proposed_before = "04-30"
result_before = "06-30"
cite = "Điều 5"
[council]
quorum_percent = { value = 75, cite = "Mặc định" }
chair_required = { value = true, cite = "Mặc định" }
spread_limit = { value = 10, cite = "Mặc định" }
secretary_votes = { value = true, cite = "Mặc định" }
spread_rule = { value = "discuss", cite = "Mặc định" }
chair_votes = { value = true, cite = "Mặc định" }
floor_rule = { value = "majority", cite = "Mặc định" }
decimals = { value = 2, cite = "Mặc định" }
opinion_days = { value = 7, cite = "Mặc định" }
"#;

/// Three headings: one of form 02 alone, one that covers another list's, one that is mandatory.
pub(crate) const EVIDENCE: &str = r#"
cite = "Mẫu số 02"
[[heading]]
no = 1
kind = "1"
asked = "bản sao"
[[heading]]
no = 2
kind = "18.10"
covers = ["7"]
asked = "bản sao"
[[heading]]
no = 3
kind = "3"
need = "always"
asked = "hợp đồng"
"#;

/// Set 4: 1.1 (1 5 10), 1.2 (0 10****), 2 (5*** 20****), 3.1 (0 5*** 15), 3.2 (0 10, needs 3.1 at
/// level 2), 4 with two cases (5 20 ‖ 1 20*****), 5.1 (0 15, stops at zero).
pub(crate) const HONEY: &str = r#"
set = 4
slug = "mat-ong"
name = "Mật ong"
industry = { no = "I", name = "Thực phẩm" }
group = { no = "2", name = "Thực phẩm thô, sơ chế" }
agencies = ["Bộ Nông nghiệp và Môi trường"]
cite = "Phụ lục II, bộ 4"
samples = 5
disqualifiers = ["Giả mạo hồ sơ"]

[[section]]
part = "A"
no = 1
name = "Tổ chức sản xuất"
max = 20
  [[section.criterion]]
  code = "1.1"
  name = "Nguồn gốc"
  max = 10
  evidence = [3]
  levels = [{ points = 1, text = "ít" }, { points = 5, text = "vừa" }, { points = 10, text = "nhiều" }]
  [[section.criterion]]
  use = "lien-ket"
  code = "1.2"

[[section]]
part = "A"
no = 2
name = "Nhãn"
max = 20
  [[section.criterion]]
  code = "2"
  name = "Nhãn"
  max = 20
  doubt = "chưa đối chiếu bản ký"
  levels = [{ points = 5, floor = 3, text = "đủ" }, { points = 20, floor = 4, text = "có mã truy xuất" }]

[[section]]
part = "B"
no = 3
use = "cau-chuyen"

[[section]]
part = "C"
no = 4
name = "Dịch vụ"
max = 20
  [[section.criterion]]
  code = "4"
  name = "Dịch vụ"
  max = 20
  choose = "Chọn một trong hai trường hợp"
    [[section.criterion.alternative]]
    label = "Cộng đồng"
    levels = [{ points = 5, text = "đủ" }, { points = 20, text = "tốt" }]
    [[section.criterion.alternative]]
    label = "Tổ chức"
    levels = [{ points = 1, text = "đủ" }, { points = 20, floor = 5, text = "tốt" }]

[[section]]
part = "C"
no = 5
name = "Cảm quan"
max = 15
  [[section.criterion]]
  code = "5.1"
  name = "Vị"
  max = 15
  knockout = [
    { effect = "stop", trigger = "zero", scope = ["5.1"], text = "0 điểm thì dừng đánh giá" },
    { effect = "eliminate", trigger = "declared", text = "Có tạp chất" },
  ]
  levels = [{ points = 0, text = "lạ" }, { points = 15, text = "thơm" }]
"#;

pub(crate) const LINKAGE: &str = r#"
kind = "criterion"
name = "Liên kết"
max = 10
levels = [{ points = 0, text = "không" }, { points = 10, floor = 4, text = "có" }]
"#;

pub(crate) const STORY: &str = r#"
kind = "section"
name = "Câu chuyện"
max = 25
[[criterion]]
code = ".1"
name = "Câu chuyện"
max = 15
levels = [{ points = 0, text = "không" }, { points = 5, floor = 3, text = "có" }, { points = 15, text = "hay" }]
[[criterion]]
code = ".2"
name = "Cấu trúc"
max = 10
applies_if = { criterion = ".1", level = 2, text = "Chỉ chấm khi có câu chuyện" }
levels = [{ points = 0, text = "rời rạc" }, { points = 10, text = "mạch lạc" }]
"#;

/// The files of the sample, with some that the loader must leave alone.
pub(crate) fn files() -> BTreeMap<String, String> {
    [
        ("2026-26/regime.toml", REGIME),
        ("2026-26/process.toml", PROCESS),
        ("2026-26/evidence.toml", EVIDENCE),
        ("2026-26/sets/04-mat-ong.toml", HONEY),
        ("2026-26/blocks/lien-ket.toml", LINKAGE),
        ("2026-26/blocks/cau-chuyen.toml", STORY),
        ("2026-26/cases/04-mat-ong.toml", "không = phải [luật"),
        ("README.md", "# Không phải luật"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into()
}

pub(crate) fn rules() -> Rules {
    load(&files()).unwrap()
}

pub(crate) fn honey() -> Arc<ProductSet> {
    rules().set("2026-26", 4).unwrap().clone()
}

/// The texts of a folder of the repository, by path inside `rules/`.
pub(crate) fn texts(folder: &str) -> BTreeMap<String, String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            found.extend(texts(&path));
        } else {
            found.insert(path, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
    found
}

/// The rules of the repository.
pub(crate) fn repository() -> Rules {
    let files = ["2020-781", "2023-148", "2026-26"].into_iter().flat_map(texts).collect();
    match load(&files) {
        Ok(rules) => rules,
        Err(faults) => panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}
