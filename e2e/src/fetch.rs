//! A small HTTP/1.1 client for requests that no browser would send.
//!
//! It follows no redirect and hides no fault: what the server said is what the test sees. Cookies are
//! kept from answer to request, so that one client is one signed-in person.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The longest wait for a whole answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where one part of a multipart form ends and the next begins.
const BOUNDARY: &str = "----ocop-e2e-boundary-7d1f0c";

/// One person's client: cookies, and headers that go with every request.
#[derive(Debug, Clone)]
pub struct Fetch {
    port: u16,
    cookies: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
}

/// One answer, as it came.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header lines in their order; names are in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, with chunked transfer undone.
    pub body: Vec<u8>,
}

/// One part of a multipart form.
#[derive(Debug, Clone)]
pub struct Part {
    name: String,
    file: Option<(String, String)>,
    bytes: Vec<u8>,
}

impl Part {
    /// A plain field.
    #[must_use]
    pub fn text(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), file: None, bytes: value.as_bytes().to_vec() }
    }

    /// A file with the name and content type that the sender claims.
    #[must_use]
    pub fn file(name: &str, file_name: &str, content_type: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), file: Some((file_name.to_owned(), content_type.to_owned())), bytes }
    }

    /// A file of `megabytes` MiB that starts with `magic` and goes on with zeros.
    #[must_use]
    pub fn big_file(name: &str, file_name: &str, content_type: &str, magic: &[u8], megabytes: usize) -> Self {
        let mut bytes = magic.to_vec();
        bytes.resize(megabytes * 1024 * 1024, 0);
        Self::file(name, file_name, content_type, bytes)
    }
}

impl Reply {
    /// The first header line of this name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Where a redirect points.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.header("location")
    }

    /// The body as text; bytes that are no UTF-8 become replacement characters.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Fetch {
    /// A client for the server on this port of 127.0.0.1.
    #[must_use]
    pub fn new(port: u16) -> Self {
        Self { port, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// Sets a cookie, for example one read from a browser.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The cookies held now.
    #[must_use]
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Sends this header with every request from now on, for example `("Origin", "https://evil.example")`.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// GET a path.
    ///
    /// # Errors
    /// When no complete answer comes.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Reply> {
        self.request("GET", path, None, Vec::new()).await
    }

    /// POST a form, url-encoded.
    ///
    /// # Errors
    /// When no complete answer comes.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Reply> {
        let body = form_encode(fields);
        self.request("POST", path, Some("application/x-www-form-urlencoded"), body.into_bytes()).await
    }

    /// POST a multipart form, with files of any size.
    ///
    /// # Errors
    /// When no complete answer comes.
    pub async fn post_multipart(&mut self, path: &str, parts: &[Part]) -> anyhow::Result<Reply> {
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.request("POST", path, Some(&content_type), multipart_encode(parts)).await
    }

    /// Any request with a body as it is.
    ///
    /// # Errors
    /// When no complete answer comes.
    pub async fn request(
        &mut self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: Vec<u8>,
    ) -> anyhow::Result<Reply> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", self.port);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            head += &format!("Cookie: {}\r\n", cookies.join("; "));
        }
        if let Some(content_type) = content_type {
            head += &format!("Content-Type: {content_type}\r\n");
        }
        if method != "GET" || !body.is_empty() {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head += "Connection: close\r\n\r\n";
        let mut bytes = head.into_bytes();
        bytes.extend(body);
        let reply = self.send_raw(bytes).await.with_context(|| format!("{method} {path}"))?;
        self.keep_cookies(&reply);
        Ok(reply)
    }

    /// Sends bytes as they are and reads one answer. No header is added, no cookie is kept.
    ///
    /// # Errors
    /// When no complete answer comes within a minute.
    pub async fn send_raw(&self, bytes: Vec<u8>) -> anyhow::Result<Reply> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let (mut reader, mut writer) = stream.into_split();
        // A server that refuses a body answers before it has read it all: write beside reading, and let
        // the answer, not the broken pipe, tell what happened.
        let writing = tokio::spawn(async move {
            let _ = writer.write_all(&bytes).await;
            writer
        });
        let answer = tokio::time::timeout(PATIENCE, read_reply(&mut reader)).await;
        writing.abort();
        answer.context("no answer within a minute")?
    }

    fn keep_cookies(&mut self, reply: &Reply) {
        for (_, line) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if value.is_empty() || line.to_ascii_lowercase().contains("max-age=0") {
                self.cookies.remove(name.trim());
            } else {
                self.cookies.insert(name.trim().to_owned(), value.to_owned());
            }
        }
    }
}

/// Reads until the answer is whole. A connection reset after a whole answer is no fault.
async fn read_reply(reader: &mut (impl tokio::io::AsyncRead + Unpin)) -> anyhow::Result<Reply> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let (read, ended) = match reader.read(&mut buffer).await {
            Ok(0) => (0, None),
            Ok(read) => (read, None),
            Err(error) => (0, Some(error)),
        };
        bytes.extend(buffer.iter().take(read));
        if let Some(reply) = parse_reply(&bytes, read == 0)? {
            return Ok(reply);
        }
        if let Some(error) = ended {
            return Err(error).context("the connection broke before the answer was whole");
        }
        if read == 0 {
            bail!("the connection closed before the answer was whole ({} bytes)", bytes.len());
        }
    }
}

/// The answer in `bytes`, or `None` when more must come. `ended`: no more will come.
fn parse_reply(bytes: &[u8], ended: bool) -> anyhow::Result<Option<Reply>> {
    let Some(head_end) = find(bytes, b"\r\n\r\n") else { return Ok(None) };
    let (head, rest) = bytes.split_at(head_end);
    let body = rest.get(4..).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let status = status_line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .with_context(|| format!("no status in {status_line:?}"))?;
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let reply = Reply { status, headers, body: Vec::new() };
    let body = if reply.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        unchunk(body)?
    } else if let Some(length) = reply.header("content-length") {
        let length: usize = length.parse().context("content-length")?;
        body.get(..length).map(<[u8]>::to_vec)
    } else {
        ended.then(|| body.to_vec())
    };
    Ok(body.map(|body| Reply { body, ..reply }))
}

/// The content of a chunked body, or `None` while its last chunk is missing.
fn unchunk(mut bytes: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    loop {
        let Some(line_end) = find(bytes, b"\r\n") else { return Ok(None) };
        let (line, rest) = bytes.split_at(line_end);
        let size = std::str::from_utf8(line)?.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).with_context(|| format!("chunk size {size:?}"))?;
        if size == 0 {
            return Ok(Some(content));
        }
        let Some(chunk) = rest.get(2..2 + size) else { return Ok(None) };
        content.extend(chunk);
        let Some(next) = rest.get(2 + size + 2..) else { return Ok(None) };
        bytes = next;
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn form_encode(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    pairs.join("&")
}

/// Every byte but letters, digits and `-._~` as `%XX`; right in forms, paths and queries.
#[must_use]
pub fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

fn multipart_encode(parts: &[Part]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"", part.name).bytes(),
        );
        if let Some((file_name, content_type)) = &part.file {
            body.extend(format!("; filename=\"{file_name}\"\r\nContent-Type: {content_type}").bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(&part.bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_reply(bytes: &str, ended: bool, expected: Option<(u16, &str)>) {
        let reply = parse_reply(bytes.as_bytes(), ended).unwrap();
        assert_eq!(reply.map(|reply| (reply.status, reply.text())), expected.map(|(s, b)| (s, b.to_owned())));
    }

    #[test]
    fn an_answer_is_read_whole_or_not_at_all() {
        check_reply("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nxin c", false, Some((200, "xin c")));
        check_reply("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nxin c", false, None);
        check_reply("HTTP/1.1 413 Payload\r\n\r\nlớn", false, None);
        check_reply("HTTP/1.1 413 Payload\r\n\r\nlớn", true, Some((413, "lớn")));
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxin\r\n2\r\n c\r\n0\r\n\r\n";
        check_reply(chunked, false, Some((200, "xin c")));
        check_reply(&chunked[..chunked.len() - 5], false, None);
    }

    #[test]
    fn cookies_follow_the_answers() {
        let mut fetch = Fetch::new(1);
        let answer = |line: &str| Reply {
            status: 200,
            headers: vec![("set-cookie".into(), line.into())],
            body: Vec::new(),
        };
        fetch.keep_cookies(&answer("session=a1; HttpOnly; Path=/"));
        assert_eq!(fetch.cookies().get("session").map(String::as_str), Some("a1"));
        fetch.keep_cookies(&answer("session=; Max-Age=0"));
        assert!(fetch.cookies().is_empty());
    }

    #[test]
    fn forms_are_encoded_byte_by_byte() {
        assert_eq!(form_encode(&[("tên", "a&b=c"), ("x", "ộ")]), "t%C3%AAn=a%26b%3Dc&x=%E1%BB%99");
    }
}
