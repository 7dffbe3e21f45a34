//! AWS accounts as a finding tells them: in twelve digits, and whether it is known that their keys are tripwires. How an
//! account is read out of a credential is not decided here.

use crate::model::Fact;

/// An account has twelve digits.
pub(super) const LAST_ACCOUNT: u64 = 999_999_999_999;

/// Accounts whose keys are tripwires: using one, even to ask who it is, raises an alarm. As carried by trufflehog.
const CANARYTOKENS: [u64; 10] = [
    52310077262,
    171436882533,
    266735846894,
    534261010715,
    595918472158,
    717712589309,
    730335385048,
    819147034852,
    893192397702,
    992382622183,
];
const OTHER_CANARIES: [u64; 16] = [
    44858866125,
    251535659677,
    344043088457,
    351906852752,
    390477818340,
    426127672474,
    427150556519,
    439872796651,
    445142720921,
    465867158099,
    637958123769,
    693412236332,
    732624840810,
    735421457923,
    959235150393,
    982842642351,
];

/// Adds the account, and what is known of it.
pub(super) fn tell(account: u64, facts: &mut Vec<Fact>) {
    facts.push(Fact { key: "aws-account".into(), value: format!("{account:012}") });
    if CANARYTOKENS.contains(&account) {
        facts.push(Fact::canary("canarytokens.org"));
    } else if OTHER_CANARIES.contains(&account) {
        facts.push(Fact::canary("another tripwire service"));
    }
}

/// The account that twelve digits write.
pub(super) fn from_digits(digits: &[u8]) -> Option<u64> {
    let is_account = digits.len() == 12 && digits.iter().all(u8::is_ascii_digit);
    is_account.then(|| digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(account: u64) -> Vec<String> {
        let mut facts = Vec::new();
        tell(account, &mut facts);
        facts.iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect()
    }

    #[test]
    fn tripwires_are_named() {
        assert_eq!(told(52310077262), ["aws-account=052310077262", "canary=canarytokens.org"]);
        assert_eq!(told(982842642351), ["aws-account=982842642351", "canary=another tripwire service"]);
        assert_eq!(told(123456789012), ["aws-account=123456789012"]);
    }

    #[test]
    fn digits_are_an_account_if_there_are_twelve() {
        assert_eq!(from_digits(b"000000000042"), Some(42));
        for digits in ["", "42", "1234567890123", "12345678901x"] {
            assert_eq!(from_digits(digits.as_bytes()), None, "{digits}");
        }
    }
}
