//! Any bytes as a delta of any base: it is refused with a reason, or it makes as many bytes as it says, and what it says to
//! have copied stands in both.

#![no_main]

use keysieve::git::sweep::delta::{apply, result_size};
use keysieve::model::Segment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (base, instructions) = input;
    check(&base, &instructions);
    // With the right sizes before them, more instructions are reached.
    let len = base.len() as u64;
    for result in [len, instructions.last().map_or(0, |byte| u64::from(*byte))] {
        check(&base, &[size(len), size(result), instructions.clone()].concat());
    }
});

fn check(base: &[u8], delta: &[u8]) {
    let (mut out, mut segments) = (b"what was there before".to_vec(), Vec::new());
    let applied = apply(base, delta, &mut out, &mut segments);
    if applied.is_err() {
        return;
    }
    assert_eq!(result_size(delta), Ok(out.len() as u64));
    let mut end = 0;
    for Segment { source, target, len } in segments {
        assert!(target >= end && len > 0, "segments are in order and hold something");
        assert_eq!(out[target..target + len], base[source..source + len]);
        end = target + len;
    }
}

fn size(mut size: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while size > 0x7f {
        bytes.push(size as u8 | 0x80);
        size >>= 7;
    }
    bytes.push(size as u8);
    bytes
}
