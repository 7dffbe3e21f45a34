//! Any document and any target in it: a place is found or not, without a panic, and never outside the document.

#![no_main]

use std::io::Read;

use keysieve::model::Span;
use keysieve::pipeline::locate::{Target, locate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, u16, Vec<u8>)| {
    let (start, len, document) = input;
    let span = Span::new(usize::from(start), usize::from(start) + usize::from(len));
    let target = Target { span, encoding: None, secret: None };
    let mut open = || Ok(Box::new(&document[..]) as Box<dyn Read + '_>);
    let located = locate(&mut open, &[target], &[span]).expect("memory can be read");
    for location in located.into_iter().flatten() {
        let lines = document.iter().filter(|&&byte| byte == b'\n').count() + 1;
        assert!(1 <= location.start_line && location.start_line <= location.end_line && location.end_line <= lines);
    }
});
