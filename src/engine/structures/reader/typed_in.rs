//! What a test of a page types into its fields: `fill_in "name", with: "value"`, `("#name").type("value")`.

use super::Reader;
use crate::engine::structures::cursor::is_quote;
use crate::engine::structures::form::{Role, Value};

impl Reader<'_> {
    /// `("input[name=name]").type("value")`, `("[name='name']", "value")`: a field that is selected by its attribute.
    pub(super) fn selected(&self) -> Option<Value> {
        let closers = self.rest().iter().take(4).take_while(|&&byte| byte == b']' || is_quote(byte)).count();
        let mut reader = Self { at: self.at + closers, ..*self };
        if reader.peek() == b',' && closers > 1 {
            let value = reader.literal_at(reader.at + 1)?;
            return Some(Value { role: Role::Beside, ..value });
        }
        reader.at += usize::from(reader.peek() == b')');
        reader.typed_in()
    }

    /// `fill_in "name", with: "value"`, `I fill in "name" with "value"`.
    pub(super) fn filled_in(&self) -> Option<Value> {
        let rest = self.rest().strip_prefix(b"with")?;
        let colon = usize::from(rest.first() == Some(&b':'));
        let value = self.literal_at(self.text.len() - rest.len() + colon)?;
        Some(Value { role: Role::Beside, ..value })
    }

    /// `("#name").type("value")`: what a test types into a field.
    pub(super) fn typed_in(&self) -> Option<Value> {
        const TYPES: [&str; 7] = [".type(", ".val(", ".fill(", ".send_keys(", ".sendKeys(", ".setValue(", ".set("];
        let call = TYPES.into_iter().find(|call| self.rest().starts_with(call.as_bytes()))?;
        let value = self.literal_at(self.at + call.len())?;
        Some(Value { role: Role::Beside, ..value })
    }
}
