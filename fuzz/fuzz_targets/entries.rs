//! Any bytes as an allow file and as a baseline: every line is an entry or has a reason why it is none, and an entry is read
//! as it is written.

#![no_main]

use keysieve::triage::{Allowed, Baselined, Entry};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    check::<Allowed>(bytes);
    check::<Baselined>(bytes);
});

fn check<T: Entry>(bytes: &[u8]) {
    for placed in T::each(bytes) {
        assert!(placed.line > 0 && placed.span.end <= bytes.len());
        match placed.entry {
            Ok(entry) => {
                let read = T::of_line(&entry.to_string()).expect("what is written is read");
                assert_eq!(read.to_string(), entry.to_string());
                assert!(read.permission().is_within(&[entry.permission()]));
            }
            Err(reason) => assert!(!reason.is_empty()),
        }
    }
}
