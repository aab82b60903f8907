//! Files that come in pieces and go on after a broken connection: what is allowed, and what the sender told of
//! them (tus 1.0.0, <https://tus.io/protocols/resumable-upload>).

use super::FILE_LIMIT;
use crate::text::file_size;

/// How many files one person may have on their way at a time: with [`FILE_LIMIT`] it bounds what a person takes
/// of the disk. Ours.
pub const UPLOADS_AT_ONCE: usize = 10;

/// How long a file may be on its way, in hours: over a night without a network and the day after it. Ours.
pub const UPLOAD_HOURS: i64 = 48;

/// The longest description that a sender may give with a file, in bytes.
const METADATA_LIMIT: usize = 2_000;

/// Why a file in pieces does not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUpload {
    /// Nothing in it.
    #[error("Tệp này rỗng (0 byte). Hãy mở tệp xem có nội dung không, rồi chọn lại.")]
    Empty,
    /// More than [`FILE_LIMIT`].
    #[error(
        "Tệp lớn hơn {}. Hãy giảm độ phân giải khi quét, hoặc tách thành nhiều tệp nhỏ.",
        size(FILE_LIMIT)
    )]
    TooLarge,
    /// The person has [`UPLOADS_AT_ONCE`] on their way.
    #[error(
        "Bạn đang tải dở {UPLOADS_AT_ONCE} tệp nên chưa nhận thêm. Hãy tải tiếp cho xong các tệp đó, hoặc đợi đến \
         khi chúng hết hạn sau {UPLOAD_HOURS} giờ."
    )]
    TooMany,
    /// The description cannot be read.
    #[error("Thông tin gửi kèm tệp không đọc được nên chưa nhận. Hãy tải lại trang rồi chọn tệp lần nữa.")]
    Metadata,
    /// The piece does not begin where the last one ended.
    #[error("Phần gửi lên không nối tiếp phần đã nhận ({}). Hãy gửi tiếp từ chỗ đã nhận.", size(*.received))]
    Elsewhere {
        /// How many bytes have come.
        received: u64,
    },
    /// More bytes than the sender has told.
    #[error("Phần gửi lên dài hơn tệp đã báo nên không nhận. Hãy chọn lại tệp và tải lên lần nữa.")]
    Beyond,
    /// Its time is over.
    #[error("Tệp tải dở đã quá {UPLOAD_HOURS} giờ nên không còn. Hãy chọn lại tệp và tải lên lần nữa.")]
    Expired,
    /// The form came before the last piece.
    #[error(
        "Tệp mới tải lên được {} trên {}. Hãy bấm tải lên lần nữa để gửi nốt phần còn lại.",
        size(*.received), size(*.length)
    )]
    Unfinished {
        /// How many bytes have come.
        received: u64,
        /// How many there are.
        length: u64,
    },
    /// There is none under this name, or it is somebody else's.
    #[error("Tệp tải dở không còn trên hệ thống. Hãy chọn lại tệp và tải lên lần nữa.")]
    Gone,
}

fn size(bytes: u64) -> String {
    file_size(i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// Whether a person who has `under_way` files on their way may begin with another one of `length` bytes.
///
/// # Errors
/// Why not.
pub fn may_begin(length: u64, under_way: usize) -> Result<(), BadUpload> {
    match length {
        0 => Err(BadUpload::Empty),
        _ if length > FILE_LIMIT => Err(BadUpload::TooLarge),
        _ if under_way >= UPLOADS_AT_ONCE => Err(BadUpload::TooMany),
        _ => Ok(()),
    }
}

/// Whether `more` bytes from `at` on continue a file of `length` bytes of which `received` have come.
///
/// # Errors
/// [`BadUpload::Elsewhere`] or [`BadUpload::Beyond`].
pub fn may_add(length: u64, received: u64, at: u64, more: u64) -> Result<(), BadUpload> {
    if at != received {
        Err(BadUpload::Elsewhere { received })
    } else if length.checked_sub(received).is_none_or(|room| more > room) {
        Err(BadUpload::Beyond)
    } else {
        Ok(())
    }
}

/// The file's name in what the sender told of it: `filename Z2lheS5wZGY=,filetype …`, values in Base64
/// (`Upload-Metadata` of the protocol). Empty when none was told.
///
/// # Errors
/// [`BadUpload::Metadata`] when it is too long or cannot be read.
pub fn file_name(metadata: &str) -> Result<String, BadUpload> {
    if metadata.len() > METADATA_LIMIT {
        return Err(BadUpload::Metadata);
    }
    let mut name = String::new();
    for pair in metadata.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = from_base64(value.trim()).ok_or(BadUpload::Metadata)?;
        if key == "filename" {
            name = String::from_utf8(value).map_err(|_| BadUpload::Metadata)?;
        }
    }
    Ok(name)
}

/// Bytes of their Base64 (RFC 4648, section 4); `None` when it is none.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_within_the_limits() {
        for (length, under_way, expected) in [
            (1, 0, Ok(())),
            (FILE_LIMIT, UPLOADS_AT_ONCE - 1, Ok(())),
            (0, 0, Err(BadUpload::Empty)),
            (FILE_LIMIT + 1, 0, Err(BadUpload::TooLarge)),
            (u64::MAX, 0, Err(BadUpload::TooLarge)),
            (1, UPLOADS_AT_ONCE, Err(BadUpload::TooMany)),
        ] {
            assert_eq!(may_begin(length, under_way), expected, "{length} {under_way}");
        }
    }

    #[test]
    fn a_piece_goes_on_where_the_last_one_ended() {
        for (received, at, more, expected) in [
            (0, 0, 10, Ok(())),
            (4, 4, 6, Ok(())),
            (10, 10, 0, Ok(())),
            (4, 0, 6, Err(BadUpload::Elsewhere { received: 4 })),
            (4, 5, 1, Err(BadUpload::Elsewhere { received: 4 })),
            (4, 4, 7, Err(BadUpload::Beyond)),
            (4, 4, u64::MAX, Err(BadUpload::Beyond)),
            (11, 11, 0, Err(BadUpload::Beyond)),
        ] {
            assert_eq!(may_add(10, received, at, more), expected, "{received} {at} {more}");
        }
    }

    #[test]
    fn the_name_is_read_out_of_what_the_sender_told() {
        for (metadata, expected) in [
            ("", Ok("")),
            ("filename Z2lheS5wZGY=", Ok("giay.pdf")),
            ("is_confidential,filename UGhp4bq_dS5wZGY=", Err(BadUpload::Metadata)),
            ("is_confidential, filename UGhp4bq/dS5wZGY=", Ok("Phiếu.pdf")),
            ("filetype YQ==,filename YWI=", Ok("ab")),
            ("filename Z", Err(BadUpload::Metadata)),
            ("filename ====", Err(BadUpload::Metadata)),
            ("filename /w==", Err(BadUpload::Metadata)),
        ] {
            assert_eq!(file_name(metadata), expected.map(str::to_owned), "{metadata}");
        }
        assert_eq!(file_name(&"a,".repeat(METADATA_LIMIT)), Err(BadUpload::Metadata));
    }
}
