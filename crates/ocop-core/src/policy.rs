//! Who may do what: one table of actions and relations, and the permit it gives.
//!
//! A relation says how the asking person stands to the thing asked about. The table is printed
//! as a golden file (`snapshots/…permissions.snap`) that an officer can read.

use crate::coded;
use crate::id::{CouncilId, PersonId, ProducerId};
use crate::people::{Actor, RoleKind, Seat, SeatKind};

coded! {
    /// How a person stands to a subject.
    Relation {
        /// Signed in, nothing more.
        Account = "account", "Người có tài khoản";
        /// Acts for the producer.
        Producer = "producer", "Chủ thể của hồ sơ";
        /// Officer of the commune that the producer belongs to.
        CommuneOfficer = "commune_officer", "Cán bộ xã của hồ sơ";
        /// Officer of the province.
        ProvincialOfficer = "provincial_officer", "Cán bộ tỉnh";
        /// Officer of the centre, for what provinces have sent there.
        CentralOfficer = "central_officer", "Cán bộ trung ương";
        /// Officer of the province that has sent a dossier to the centre.
        SendingOfficer = "sending_officer", "Cán bộ tỉnh gửi hồ sơ";
        /// Chair of the council that has the dossier.
        Chair = "chair", "Chủ tịch Hội đồng";
        /// Secretary of that council.
        Secretary = "secretary", "Thư ký Hội đồng";
        /// Member of that council.
        Member = "member", "Thành viên Hội đồng";
        /// Advisory team of that council.
        Advisor = "advisor", "Tổ tư vấn";
    }
}

coded! {
    /// What can be done. Each is one verb of the application and the action of one journal entry.
    Action {
        /// Open one's own account page, change the password.
        ManageOwnAccount = "manage_own_account", "Quản lý tài khoản của mình";
        /// Register a producer and act for it.
        RegisterProducer = "register_producer", "Khai báo chủ thể";
        /// Give accounts to officers and assessors.
        ManageAccounts = "manage_accounts", "Cấp tài khoản cán bộ";
        /// Change the producer's register.
        EditProducer = "edit_producer", "Sửa thông tin chủ thể";
        /// Add or change a product.
        EditProduct = "edit_product", "Khai báo sản phẩm";
        /// Read the producer's papers.
        ReadEvidence = "read_evidence", "Xem giấy tờ minh chứng";
        /// Upload a paper, cite it to criteria.
        EditEvidence = "edit_evidence", "Tải lên, viện dẫn giấy tờ";
        /// Open a dossier in a round.
        OpenDossier = "open_dossier", "Mở hồ sơ";
        /// Fill in the dossier: form, self-assessment, citations.
        EditDossier = "edit_dossier", "Lập hồ sơ, tự chấm";
        /// Read the dossier and its papers.
        ReadDossier = "read_dossier", "Đọc hồ sơ";
        /// Submit it.
        SubmitDossier = "submit_dossier", "Nộp hồ sơ";
        /// Write form 03.
        WriteCommuneReport = "write_commune_report", "Viết báo cáo cấp xã (mẫu 03)";
        /// Return the dossier from the commune.
        ReturnFromCommune = "return_from_commune", "Cấp xã trả lại hồ sơ";
        /// Propose the dossier to the province.
        ProposeToProvince = "propose_to_province", "Cấp xã đề nghị tỉnh";
        /// Open and change rounds.
        ManageRounds = "manage_rounds", "Mở đợt đánh giá";
        /// See the office's letters, send one again, change their words.
        ManageMail = "manage_mail", "Theo dõi thư điện tử của cơ quan";
        /// Put the office's official texts beside ours.
        ManageWording = "manage_wording", "Nhập lời văn chính thức của bộ tiêu chí";
        /// See all dossiers of the province.
        ReadBoard = "read_board", "Xem bảng theo dõi đợt";
        /// Accept a dossier into the round.
        AcceptDossier = "accept_dossier", "Tiếp nhận hồ sơ vào đợt";
        /// Ask for completion.
        ReturnFromProvince = "return_from_province", "Tỉnh yêu cầu bổ sung";
        /// Set up councils, seats and rules of work.
        ManageCouncil = "manage_council", "Lập hội đồng, tổ tư vấn";
        /// Give a dossier to a council.
        AssignDossier = "assign_dossier", "Phân hồ sơ cho hội đồng";
        /// Note findings of the advisory team.
        WriteFinding = "write_finding", "Ghi nhận xét tư vấn";
        /// Read the advisory team's findings and report.
        ReadFindings = "read_findings", "Đọc nhận xét tư vấn";
        /// Ask the producer for more evidence.
        RequestEvidence = "request_evidence", "Yêu cầu bổ sung minh chứng";
        /// Answer such a request.
        AnswerRequest = "answer_request", "Trả lời yêu cầu bổ sung";
        /// File the advisory report.
        FileAdvisoryReport = "file_advisory_report", "Gửi báo cáo tư vấn";
        /// Declare a conflict of interest.
        DeclareConflict = "declare_conflict", "Khai xung đột lợi ích";
        /// Open a session: attendance and scoring.
        OpenSession = "open_session", "Mở phiên họp chấm điểm";
        /// Fill in one's own ballot.
        SaveBallot = "save_ballot", "Chấm phiếu của mình";
        /// Seal one's own ballot.
        SealBallot = "seal_ballot", "Niêm phiếu của mình";
        /// Put a substitute in the place of a member of a council.
        ReplaceMember = "replace_member", "Thay thành viên hội đồng";
        /// Let a member who must leave go: an unsealed ballot no longer counts.
        ExcuseMember = "excuse_member", "Cho thành viên rời phiên";
        /// Open a member's sealed ballot again while members score.
        ReopenBallot = "reopen_ballot", "Mở lại phiếu đã niêm";
        /// Revise one criterion of one's own sealed ballot after discussion.
        ReviseBallot = "revise_ballot", "Sửa một tiêu chí sau thảo luận";
        /// See how many ballots are sealed.
        WatchProgress = "watch_progress", "Xem số phiếu đã niêm";
        /// See the tally once opened.
        ReadTally = "read_tally", "Xem bảng tổng hợp sau khi mở";
        /// Open another turn, or keep the result, after discussion.
        LeadDiscussion = "lead_discussion", "Mở lần chấm tiếp theo, giữ kết quả";
        /// Confirm the result.
        ConfirmResult = "confirm_result", "Xác nhận kết quả";
        /// Read the confirmed result.
        ReadResult = "read_result", "Xem kết quả đã xác nhận";
        /// Record a signed decision, issue certificates.
        RecordDecision = "record_decision", "Ghi quyết định, cấp giấy chứng nhận";
        /// Withdraw a certificate by decision.
        RevokeCertificate = "revoke_certificate", "Thu hồi giấy chứng nhận";
        /// Invite others to act for the producer, or let them go.
        InviteMember = "invite_member", "Mời người cùng quản lý chủ thể";
        /// Follow such an invitation.
        AcceptInvitation = "accept_invitation", "Nhận lời mời quản lý chủ thể";
        /// Note a product's revenue, stamps and platforms.
        RecordFacts = "record_facts", "Ghi doanh thu, tem, sàn thương mại điện tử";
        /// Look through the registers and their numbers.
        ReadRegistry = "read_registry", "Tra cứu sổ đăng ký, xem số liệu";
        /// Take a list of products into the register.
        ImportRegister = "import_register", "Nhập danh sách từ tệp";
        /// Merge duplicates, or part them again.
        MergeRecords = "merge_records", "Gộp bản ghi trùng, tách lại";
        /// Note an evaluation that was held on paper.
        RecordEvaluation = "record_evaluation", "Ghi kết quả đánh giá trên giấy";
        /// Take a dossier back before it is scored.
        WithdrawDossier = "withdraw_dossier", "Rút hồ sơ";
        /// Check a re-evaluation for the office and report to the chair.
        CheckRenewal = "check_renewal", "Kiểm tra hồ sơ đánh giá lại";
        /// Receive samples of a product.
        ReceiveSamples = "receive_samples", "Nhận mẫu sản phẩm";
        /// Move samples, note their use, their tests, their end.
        HandleSamples = "handle_samples", "Lưu giữ, sử dụng mẫu sản phẩm";
        /// Freeze a report as it stands.
        FreezeReport = "freeze_report", "Chốt báo cáo";
        /// Verify a ground for withdrawing a certificate, conclude.
        VerifyCertificate = "verify_certificate", "Xác minh căn cứ thu hồi";
        /// Propose to the Minister to withdraw a certificate of 5 stars (Article 8.2).
        ProposeRevocation = "propose_revocation", "Đề nghị Bộ trưởng thu hồi giấy chứng nhận 5 sao";
        /// Note that the Minister does not follow such a proposal.
        DeclineRevocation = "decline_revocation", "Ghi việc Bộ trưởng không thu hồi giấy chứng nhận";
        /// Confirm that a product is no longer made.
        ConfirmProductionEnded = "confirm_production_ended", "Xác nhận ngừng sản xuất";
        /// Read what a verification found.
        ReadVerification = "read_verification", "Xem việc xác minh giấy chứng nhận";
        /// Look through the register of outgoing papers.
        ReadPapers = "read_papers", "Xem sổ văn bản đi";
        /// Give a signed paper its number, attach the signed copy, explain a gap.
        IssuePaper = "issue_paper", "Ghi số văn bản đi, gắn bản ký";
        /// Send a dossier to the centre with everything that belongs to it, note the centre's answer.
        SendToCentre = "send_to_centre", "Gửi hồ sơ lên trung ương, ghi kết quả của trung ương";
        /// Recognise on the centre's result, evaluate again, or end it (Article 7.4g).
        DecideAfterCentre = "decide_after_centre", "Xử lý hồ sơ trung ương chưa công nhận 5 sao";
        /// Note a conflict of interest of a seat for the office.
        NoteConflict = "note_conflict", "Ghi nhận xung đột lợi ích";
        /// Keep the register of who advised or trained which producer.
        KeepAssistance = "keep_assistance", "Ghi sổ tư vấn, tập huấn cho chủ thể";
        /// Note in it what one did oneself.
        DeclareAssistance = "declare_assistance", "Khai việc mình đã tư vấn, tập huấn";
        /// Declare relatives in councils.
        DeclareRelatives = "declare_relatives", "Khai người thân trong Hội đồng, Tổ tư vấn";
        /// Plan visits after recognition, make their records, end them.
        Inspect = "inspect", "Kiểm tra sau công nhận";
        /// Read what a visit found.
        ReadInspection = "read_inspection", "Xem biên bản kiểm tra";
        /// Answer a visit's findings, tell what was done.
        AnswerInspection = "answer_inspection", "Trả lời kết quả kiểm tra";
        /// Complain about a result; anybody reports on a product without an account.
        FileComplaint = "file_complaint", "Khiếu nại kết quả";
        /// Read a complaint and what became of it.
        ReadComplaint = "read_complaint", "Xem khiếu nại";
        /// Take a complaint up, answer it.
        HandleComplaint = "handle_complaint", "Giải quyết khiếu nại, phản ánh";
    }
}

/// The relations that permit an action. One line each: this is the whole policy.
pub fn permitted(action: Action) -> &'static [Relation] {
    use Relation::{
        Account, Advisor, CentralOfficer, Chair, CommuneOfficer, Member, Producer, ProvincialOfficer,
        Secretary, SendingOfficer,
    };
    match action {
        Action::ManageOwnAccount
        | Action::RegisterProducer
        | Action::AcceptInvitation
        | Action::DeclareAssistance => &[Account],
        Action::EditProducer | Action::EditProduct | Action::EditEvidence => &[Producer],
        // Officers: only the first member of a producer for which nobody acts yet.
        Action::InviteMember | Action::RecordFacts => &[Producer, CommuneOfficer, ProvincialOfficer],
        Action::ReadVerification | Action::ReadInspection => {
            &[Producer, CommuneOfficer, ProvincialOfficer, SendingOfficer, CentralOfficer]
        }
        Action::ReadRegistry | Action::FreezeReport => &[CommuneOfficer, ProvincialOfficer],
        Action::ReadPapers | Action::IssuePaper => &[CommuneOfficer, ProvincialOfficer, CentralOfficer],
        Action::ReadComplaint => &[Producer, ProvincialOfficer, CentralOfficer],
        Action::OpenDossier
        | Action::EditDossier
        | Action::SubmitDossier
        | Action::AnswerRequest
        | Action::AnswerInspection
        | Action::FileComplaint
        | Action::WithdrawDossier
        | Action::DeclareRelatives => &[Producer],
        Action::ReadDossier | Action::ReadEvidence | Action::ReadResult => &[
            Producer,
            CommuneOfficer,
            ProvincialOfficer,
            SendingOfficer,
            CentralOfficer,
            Chair,
            Secretary,
            Member,
            Advisor,
        ],
        Action::WriteCommuneReport
        | Action::ReturnFromCommune
        | Action::ProposeToProvince
        | Action::ConfirmProductionEnded => &[CommuneOfficer],
        Action::ManageAccounts
        | Action::ManageMail
        | Action::ManageRounds
        | Action::ReadBoard
        | Action::AcceptDossier
        | Action::ManageCouncil
        | Action::AssignDossier
        | Action::RecordDecision
        | Action::CheckRenewal
        | Action::RevokeCertificate
        | Action::DeclineRevocation
        | Action::HandleComplaint => &[ProvincialOfficer, CentralOfficer],
        // Of 5 stars the province verifies, too, and proposes (Articles 8.2, 8.3a).
        Action::VerifyCertificate => &[ProvincialOfficer, SendingOfficer, CentralOfficer],
        Action::ProposeRevocation => &[ProvincialOfficer, SendingOfficer],
        // The province inspects all products of its area, the ministry those of 5 stars (Article 9.4).
        Action::Inspect => &[ProvincialOfficer, SendingOfficer, CentralOfficer],
        Action::ManageWording
        | Action::ReturnFromProvince
        | Action::ImportRegister
        | Action::MergeRecords
        | Action::RecordEvaluation
        | Action::SendToCentre
        | Action::DecideAfterCentre => &[ProvincialOfficer],
        Action::NoteConflict | Action::KeepAssistance | Action::ReplaceMember => {
            &[ProvincialOfficer, CentralOfficer]
        }
        Action::WriteFinding | Action::RequestEvidence | Action::FileAdvisoryReport => &[Advisor],
        Action::ReadFindings | Action::ReadTally => {
            &[ProvincialOfficer, CentralOfficer, Chair, Secretary, Member, Advisor]
        }
        Action::ReceiveSamples => &[CommuneOfficer, ProvincialOfficer, CentralOfficer],
        Action::HandleSamples => &[CommuneOfficer, ProvincialOfficer, CentralOfficer, Secretary],
        Action::DeclareConflict => &[Chair, Secretary, Member, Advisor],
        Action::OpenSession
        | Action::ExcuseMember
        | Action::ReopenBallot
        | Action::LeadDiscussion
        | Action::ConfirmResult => &[Chair],
        Action::SaveBallot | Action::SealBallot | Action::ReviseBallot => &[Chair, Secretary, Member],
        Action::WatchProgress => &[Secretary],
    }
}

/// Whether a declared conflict of interest closes the action. Officers and producers are never in
/// conflict in this sense; seats are.
fn closed_by_conflict(action: Action) -> bool {
    !matches!(
        action,
        Action::DeclareConflict
            | Action::ManageOwnAccount
            | Action::RegisterProducer
            | Action::AcceptInvitation
            | Action::DeclareAssistance
    )
}

/// What the action is about. Leave out what does not apply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The producer it belongs to.
    pub producer: Option<ProducerId>,
    /// Code of the producer's commune.
    pub commune: Option<String>,
    /// Code of the province, or of the centre where it is a matter of the centre.
    pub province: Option<String>,
    /// Code of the province that has sent it to the centre.
    pub sent_by: Option<String>,
    /// The council that has it.
    pub council: Option<CouncilId>,
    /// Whether the asking person has a conflict of interest with it.
    pub conflicted: bool,
    /// Whether the asking person's seat in the council is not for it: another one sits in its place, or it stands in on
    /// other dossiers only.
    pub unseated: bool,
}

/// The actor's seats in the council that has it.
fn seats<'a>(actor: &'a Actor, subject: &'a Subject) -> impl Iterator<Item = &'a Seat> {
    actor.seats.iter().filter(|seat| subject.council.as_ref() == Some(&seat.council))
}

/// How the actor stands to the subject: all relations that hold.
pub fn relations(actor: &Actor, subject: &Subject) -> Vec<Relation> {
    let mut held = vec![Relation::Account];
    if subject.producer.as_ref().is_some_and(|producer| actor.producers.contains(producer)) {
        held.push(Relation::Producer);
    }
    for role in &actor.roles {
        match role.kind {
            RoleKind::CommuneOfficer if subject.commune.as_deref() == Some(&role.unit) => {
                held.push(Relation::CommuneOfficer);
            }
            RoleKind::ProvincialOfficer if subject.province.as_deref() == Some(&role.unit) => {
                held.push(Relation::ProvincialOfficer);
            }
            RoleKind::ProvincialOfficer if subject.sent_by.as_deref() == Some(&role.unit) => {
                held.push(Relation::SendingOfficer);
            }
            RoleKind::CentralOfficer if subject.province.as_deref() == Some(&role.unit) => {
                held.push(Relation::CentralOfficer);
            }
            RoleKind::CommuneOfficer
            | RoleKind::ProvincialOfficer
            | RoleKind::CentralOfficer
            | RoleKind::Assessor => {}
        }
    }
    let seats = seats(actor, subject).filter(|_| !subject.unseated);
    held.extend(seats.map(|seat| match seat.kind {
        SeatKind::Chair => Relation::Chair,
        SeatKind::Secretary => Relation::Secretary,
        SeatKind::Member => Relation::Member,
        SeatKind::Advisor => Relation::Advisor,
    }));
    held
}

fn is_seat(relation: Relation) -> bool {
    matches!(relation, Relation::Chair | Relation::Secretary | Relation::Member | Relation::Advisor)
}

/// Proof that policy allowed one action to one person. Only [`may`] and [`system`] make it, and a
/// write transaction cannot be committed without it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a permit that is not committed changes nothing"]
pub struct Permit {
    action: Action,
    actor: Option<PersonId>,
}

impl Permit {
    /// What was permitted.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Who was permitted, as the journal writes it: a person's id, or `system`.
    pub fn actor(&self) -> &str {
        self.actor.as_ref().map_or("system", PersonId::as_str)
    }
}

/// Why an action is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The person does not stand in any relation that permits it.
    #[error("Bạn không có quyền «{}» ở đây. Việc này dành cho: {}.", .0.name(), names(.0))]
    NotYours(Action),
    /// The person has a conflict of interest.
    #[error(
        "Bạn có xung đột lợi ích với hồ sơ này (đã khai xung đột lợi ích, hoặc được tìm thấy theo sổ), nên không xem \
         và không chấm được hồ sơ. Thấy chưa đúng thì báo cơ quan tham mưu."
    )]
    Conflict,
    /// The person's seat is not for it.
    #[error(
        "Bạn không đánh giá hồ sơ này: đã có người thay bạn, hoặc bạn chỉ đánh giá thay ở hồ sơ khác. Thấy chưa đúng thì \
         báo cơ quan tham mưu."
    )]
    Unseated,
}

fn names(action: &Action) -> String {
    permitted(*action).iter().map(|relation| relation.name()).collect::<Vec<_>>().join(", ")
}

/// Whether the actor may do this to the subject.
///
/// # Errors
/// [`Denied`] says why not.
pub fn may(actor: &Actor, action: Action, subject: &Subject) -> Result<Permit, Denied> {
    let allowed = permitted(action);
    let held: Vec<Relation> =
        relations(actor, subject).into_iter().filter(|relation| allowed.contains(relation)).collect();
    if held.is_empty() {
        let is_for_seats = allowed.iter().any(|relation| is_seat(*relation));
        let has_seat = subject.unseated && seats(actor, subject).next().is_some();
        return Err(if is_for_seats && has_seat { Denied::Unseated } else { Denied::NotYours(action) });
    }
    if subject.conflicted && closed_by_conflict(action) && held.iter().all(|relation| is_seat(*relation)) {
        return Err(Denied::Conflict);
    }
    Ok(Permit { action, actor: Some(actor.person.clone()) })
}

/// The permit of the machine itself and of whoever holds it: jobs, imports, the first account.
pub fn system(action: Action) -> Permit {
    Permit { action, actor: None }
}

/// The permit of a person who creates or opens his or her own account: nobody else is concerned.
pub fn own_account(person: PersonId) -> Permit {
    Permit { action: Action::ManageOwnAccount, actor: Some(person) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Role;

    /// The table as an officer reads it: one line for each action.
    fn table() -> String {
        let mut lines = String::new();
        for action in Action::ALL {
            lines.push_str(&format!("{}: {}\n", action.name(), names(action)));
        }
        lines
    }

    #[test]
    fn the_printed_table_is_the_policy() {
        insta::assert_snapshot!("permissions", table());
    }

    const UUID: &str = "0192d3b0-7c1e-7abc-8def-0123456789ab";
    const OTHER: &str = "0192d3b0-7c1e-7abc-8def-0123456789ac";

    fn nobody() -> Actor {
        Actor {
            person: UUID.parse().unwrap(),
            name: "Người thử".to_owned(),
            roles: vec![],
            producers: vec![],
            seats: vec![],
        }
    }

    fn everything() -> Subject {
        Subject {
            producer: Some(UUID.parse().unwrap()),
            commune: Some("06862".to_owned()),
            province: Some("22".to_owned()),
            sent_by: None,
            council: Some(UUID.parse().unwrap()),
            conflicted: false,
            unseated: false,
        }
    }

    #[test]
    fn a_relation_needs_the_same_unit_producer_and_council() {
        let near = Actor {
            roles: vec![
                Role { kind: RoleKind::CommuneOfficer, unit: "06862".to_owned() },
                Role { kind: RoleKind::ProvincialOfficer, unit: "22".to_owned() },
            ],
            producers: vec![UUID.parse().unwrap()],
            seats: vec![Seat {
                id: UUID.parse().unwrap(),
                council: UUID.parse().unwrap(),
                kind: SeatKind::Chair,
            }],
            ..nobody()
        };
        let far = Actor {
            roles: vec![
                Role { kind: RoleKind::CommuneOfficer, unit: "06841".to_owned() },
                Role { kind: RoleKind::ProvincialOfficer, unit: "01".to_owned() },
            ],
            producers: vec![OTHER.parse().unwrap()],
            seats: vec![Seat {
                id: UUID.parse().unwrap(),
                council: OTHER.parse().unwrap(),
                kind: SeatKind::Chair,
            }],
            ..nobody()
        };
        assert_eq!(relations(&near, &everything()).len(), 5);
        assert_eq!(relations(&far, &everything()), vec![Relation::Account]);
        for action in Action::ALL {
            let own = permitted(*action).contains(&Relation::Account);
            assert_eq!(may(&far, *action, &everything()).is_ok(), own, "{action:?}");
        }
    }

    #[test]
    fn the_province_reads_what_it_sent_to_the_centre_and_decides_nothing_there() {
        let officer =
            |kind, unit: &str| Actor { roles: vec![Role { kind, unit: unit.to_owned() }], ..nobody() };
        let sent = Subject {
            province: Some(crate::units::CENTRE.to_owned()),
            sent_by: Some("22".to_owned()),
            ..everything()
        };
        let (sender, other) =
            (officer(RoleKind::ProvincialOfficer, "22"), officer(RoleKind::ProvincialOfficer, "01"));
        let central = officer(RoleKind::CentralOfficer, crate::units::CENTRE);
        for action in [Action::ReadDossier, Action::ReadResult, Action::Inspect] {
            assert!(may(&sender, action, &sent).is_ok(), "{action:?}");
            assert!(may(&other, action, &sent).is_err(), "{action:?}");
        }
        for action in [
            Action::AcceptDossier,
            Action::AssignDossier,
            Action::RecordDecision,
            Action::HandleComplaint,
            Action::ReadTally,
        ] {
            assert!(may(&sender, action, &sent).is_err(), "{action:?}");
            assert!(may(&central, action, &sent).is_ok(), "{action:?}");
            assert!(may(&central, action, &everything()).is_err(), "{action:?}");
        }
    }

    #[test]
    fn a_declared_conflict_closes_the_ballot_and_the_dossier() {
        let member = Actor {
            seats: vec![Seat {
                id: UUID.parse().unwrap(),
                council: UUID.parse().unwrap(),
                kind: SeatKind::Member,
            }],
            ..nobody()
        };
        let conflicted = Subject { conflicted: true, ..everything() };
        for action in [Action::ReadDossier, Action::SaveBallot, Action::SealBallot, Action::ReadTally] {
            assert!(may(&member, action, &everything()).is_ok(), "{action:?}");
            assert_eq!(may(&member, action, &conflicted), Err(Denied::Conflict), "{action:?}");
        }
        assert!(may(&member, Action::DeclareConflict, &conflicted).is_ok());
    }

    #[test]
    fn a_seat_in_whose_place_another_one_sits_has_no_part_in_it() {
        let seat =
            Seat { id: UUID.parse().unwrap(), council: UUID.parse().unwrap(), kind: SeatKind::Secretary };
        let member = Actor { seats: vec![seat], ..nobody() };
        let office = Role { kind: RoleKind::ProvincialOfficer, unit: "22".to_owned() };
        let officer = Actor { roles: vec![office], ..member.clone() };
        let unseated = Subject { unseated: true, ..everything() };
        for action in [Action::ReadDossier, Action::SaveBallot, Action::ReadTally, Action::DeclareConflict] {
            assert_eq!(may(&member, action, &unseated), Err(Denied::Unseated), "{action:?}");
        }
        assert_eq!(
            may(&member, Action::AcceptDossier, &unseated),
            Err(Denied::NotYours(Action::AcceptDossier))
        );
        assert!(may(&officer, Action::ReadTally, &unseated).is_ok(), "the office's work stays its own");
        assert_eq!(may(&officer, Action::SaveBallot, &unseated), Err(Denied::Unseated));
    }
}
