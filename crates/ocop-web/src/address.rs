//! Addresses with a query: filters that stand in the address, one dropped, a page turned.

use serde::Serialize;

/// A path with the fields of a filter that say something, and further pairs.
pub fn address(path: &str, filter: &impl Serialize, more: &[(&str, &str)]) -> String {
    let fields = serde_json::to_value(filter).unwrap_or_default();
    let mut query = String::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(&format!("{name}={}", encoded(value)));
        }
    };
    for (name, value) in fields.as_object().into_iter().flatten() {
        add(name, value.as_str().unwrap_or_default());
    }
    for (name, value) in more {
        add(name, value);
    }
    format!("{path}{query}")
}

/// A value of a query, percent-encoded; what can stand as it is stays readable.
pub fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
