//! What can be wrong in the rule files, in one line each.

use super::model::PartCode;
use crate::evidence::EvidenceKind;

/// A fault in the rule files. Its text is one line: file, place, what is wrong and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.line())]
pub struct RuleFault {
    /// The file, as named to [`super::load()`].
    pub path: String,
    /// Code of the criterion, a section (`mục 3`) or a key; empty for the whole file.
    pub place: String,
    /// What is wrong.
    pub kind: FaultKind,
}

impl RuleFault {
    fn line(&self) -> String {
        let parts = [self.path.as_str(), self.place.as_str()].into_iter().filter(|part| !part.is_empty());
        parts.map(str::to_owned).chain([self.kind.to_string()]).collect::<Vec<_>>().join(": ")
    }
}

/// What can be wrong in the rule files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the fields are what the sentences name")]
pub enum FaultKind {
    /// No regime at all.
    #[error("không có bộ quy định nào (cần thư mục NĂM-SỐ với regime.toml)")]
    NoRegime,
    /// Not TOML, an unknown key, a missing key or a value of the wrong type.
    #[error("{}{message}", line.map(|line| format!("dòng {line}: ")).unwrap_or_default())]
    Unreadable { line: Option<usize>, message: String },
    /// A TOML file where none belongs.
    #[error("tệp nằm ngoài bố cục (regime.toml, process.toml, evidence.toml, sets/, blocks/, cases/)")]
    NotInLayout,
    /// `regime.toml`, `process.toml` or `evidence.toml` is not there.
    #[error("thiếu tệp này")]
    MissingFile,
    /// A key that is needed where no block is used.
    #[error("thiếu «{key}»")]
    MissingKey { key: &'static str },
    /// No citation.
    #[error("thiếu căn cứ («cite»): mỗi quy định phải dẫn văn bản")]
    MissingCitation,
    /// Not a day.
    #[error("«{text}» không phải là ngày")]
    NotADay { text: String },
    /// The regime's id is not its folder's name.
    #[error("id «{id}» khác tên thư mục «{folder}»")]
    RegimeId { id: String, folder: String },
    /// Bands do not part the points into 5–1 stars.
    #[error("khung sao phải là 5, 4, 3, 2, 1 với điểm giảm dần đến 0")]
    Bands,
    /// Levels that are out of order, or a star that no one or two of them recognise.
    #[error(
        "các cấp phải đi từ dưới lên, cấp cuối không chuyển tiếp, và mỗi hạng sao do đúng một cấp «decide» công nhận"
    )]
    Tiers,
    /// Two grounds with one letter.
    #[error("căn cứ thu hồi «{code}» bị lặp")]
    RepeatedGround { code: String },
    /// A change of the procedure from before the regime.
    #[error("thay đổi thủ tục phải có hiệu lực sau ngày đầu của quyết định")]
    ChangeBeforeRegime,
    /// Two files for one set.
    #[error("bộ {no} đã có ở một tệp khác")]
    RepeatedSet { no: u16 },
    /// `use` of a block that is not there.
    #[error("không có khối «{block}» trong blocks/")]
    UnknownBlock { block: String },
    /// A criterion block where a section block is needed, or the other way round.
    #[error("khối «{block}» không phải loại «{wanted}»")]
    WrongBlock { block: String, wanted: &'static str },
    /// `use` together with a text of its own: one of them would be lost.
    #[error("vừa dùng khối «{block}» vừa có nội dung riêng: chỉ giữ một trong hai")]
    UseWithOwnText { block: String },
    /// A block that no set uses.
    #[error("khối không được bộ nào dùng")]
    UnusedBlock,
    /// The parts are not those of the law in force: 40/25/35, before 148/QĐ-TTg 35/25/40.
    #[error("phần {part} có {max} điểm, phải là {should_be} ({law})")]
    Parts { part: PartCode, max: u16, should_be: u16, law: String },
    /// The parts are not A, B, C, each once.
    #[error("phải có đúng ba phần A, B, C")]
    PartCodes,
    /// Sections do not add up to their part.
    #[error("các mục của phần {part} cộng lại {sum} điểm, phần này có {max}")]
    PartSum { part: PartCode, sum: u32, max: u16 },
    /// Criteria do not add up to their section.
    #[error("các tiêu chí cộng lại {sum} điểm, mục này ghi {max}")]
    SectionSum { sum: u32, max: u16 },
    /// The best level is not worth the criterion's maximum.
    #[error("mức cao nhất{} được {best} điểm, tiêu chí ghi tối đa {max}", in_alternative(*alternative))]
    CriterionMax { alternative: Option<u8>, best: u16, max: u16 },
    /// Sections are not numbered 1, 2, 3 …
    #[error("mục mang số {no}, phải là {wanted} (các mục đánh số liên tục)")]
    SectionNo { no: u16, wanted: u16 },
    /// A section without criteria.
    #[error("mục không có tiêu chí nào")]
    EmptySection,
    /// Two criteria with one code.
    #[error("mã tiêu chí bị lặp")]
    RepeatedCode,
    /// The code belongs to another section.
    #[error("mã không thuộc mục {section} (phải là «{section}» hoặc bắt đầu bằng «{section}.»)")]
    ForeignCode { section: u16 },
    /// A criterion without levels.
    #[error("tiêu chí không có mức nào")]
    NoLevels,
    /// `levels` and `alternative` in one criterion.
    #[error("vừa có «levels» vừa có «alternative»: chỉ giữ một trong hai")]
    LevelsAndAlternatives,
    /// A level without text.
    #[error("mức {level}{} không có lời", in_alternative(*alternative))]
    NoText { alternative: Option<u8>, level: u8 },
    /// A higher level is not worth more.
    #[error("mức {level}{} được {points} điểm, không cao hơn mức dưới ({below} điểm)", in_alternative(*alternative))]
    PointsOrder { alternative: Option<u8>, level: u8, points: u16, below: u16 },
    /// A floor on a higher level asks for no more stars than one below it.
    #[error("mức {level}{} là mức tối thiểu của {stars} sao, mà mức dưới đã là của {below} sao", in_alternative(*alternative))]
    FloorOrder { alternative: Option<u8>, level: u8, stars: u8, below: u8 },
    /// A floor for stars that have none.
    #[error("mức {level}{} là mức tối thiểu của {stars} sao: chỉ 3, 4, 5 sao có mức tối thiểu", in_alternative(*alternative))]
    FloorStars { alternative: Option<u8>, level: u8, stars: u8 },
    /// The condition names no criterion of the set, or the criterion itself.
    #[error("điều kiện áp dụng dẫn tiêu chí «{criterion}» không có trong bộ")]
    UnknownCondition { criterion: String },
    /// The condition names no level of its criterion.
    #[error("điều kiện áp dụng dẫn mức {level} không có ở tiêu chí {criterion}")]
    ConditionLevel { criterion: String, level: u8 },
    /// The scope of a knock-out names no criterion of the set.
    #[error("phạm vi dừng đánh giá dẫn tiêu chí «{criterion}» không có trong bộ")]
    UnknownScope { criterion: String },
    /// A zero trigger without a scope, or a declared one with a scope.
    #[error("«scope» đi với trigger = \"zero\", và chỉ với nó")]
    Scope,
    /// A move whose `from` is not `REGIME/SET`.
    #[error("không phải một bộ, viết như 2023-148/4")]
    NotASet,
    /// A move from a set that no earlier regime has.
    #[error("không phải một bộ của quy định trước")]
    NotAnOlderSet,
    /// Two moves of one set.
    #[error("bộ này đã được nêu ở một mục khác")]
    ReclassifiedTwice,
    /// No move of a set of an older regime.
    #[error("chưa nêu bộ này chuyển về đâu")]
    NotReclassified,
    /// A move to a set that the regime does not have, or twice to one.
    #[error("bộ {no} không có trong quy định này, hoặc bị lặp")]
    UnknownSuccessor { no: u16 },
    /// A set is either new after an older regime or continues one of its sets.
    #[error("bộ {no}: có bộ của {regime} chuyển về, hoặc chưa ghi là mới; phải đúng một trong hai")]
    Unreached { no: u16, regime: String },
    /// Not a heading of the evidence table.
    #[error("đầu mục minh chứng {heading} nằm ngoài 1–15")]
    EvidenceHeading { heading: u8 },
    /// Headings of a list are not numbered through.
    #[error("các đầu mục phải đánh số liên tục từ 1, ở đây ghi {no}")]
    HeadingNumber { no: u8 },
    /// Two headings of a list for one kind of paper, or one for papers of no heading.
    #[error("loại giấy tờ «{kind}» phải đứng ở đúng một đầu mục, và không phải là «other»")]
    HeadingKind { kind: EvidenceKind },
    /// A heading covers a kind that has its own.
    #[error("loại giấy tờ «{kind}» đã có đầu mục riêng nên không ghi ở covers")]
    HeadingCovers { kind: EvidenceKind },
}

fn in_alternative(alternative: Option<u8>) -> String {
    alternative.map(|no| format!(" (trường hợp {no})")).unwrap_or_default()
}
