//! Any bytes as a report in JSON Lines: it is refused, or read as what is written again as the same bytes, in every format, and
//! merged with itself.

#![no_main]

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::LazyLock;

use keysieve::model::NoMask;
use keysieve::report::{AsffTarget, Format, Log, Options, reporter};
use keysieve::rules::RuleSet;
use libfuzzer_sys::fuzz_target;

/// To load them takes longer than all else.
static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

fuzz_target!(|bytes: &[u8]| {
    // The last line counts what is before it, which a fuzzer does not guess.
    let findings = bytes.windows(17).filter(|window| window == b"\"type\":\"finding\",").count();
    let unread = bytes.windows(16).filter(|window| window == b"\"type\":\"unread\",").count();
    let text = String::from_utf8_lossy(bytes);
    let counted = text.replace("FINDINGS", &findings.to_string()).replace("UNREAD", &unread.to_string());
    let Ok(log) = Log::read(&mut counted.as_bytes(), &NoMask) else { return };
    let jsonl = written(&log, Format::Jsonl);
    let again = Log::read(&mut &*jsonl, &NoMask).expect("what is written is read");
    assert_eq!(written(&again, Format::Jsonl), jsonl);
    for format in Format::ALL {
        let report = written(&log, format);
        assert!(std::str::from_utf8(&report).is_ok(), "{format}");
    }
    let merged = Log::merge(vec![log.clone(), log.clone()]);
    let once = Log::merge(vec![log]);
    assert_eq!(merged.findings.len(), once.findings.len());
    let jsonl = written(&merged, Format::Jsonl);
    assert_eq!(written(&Log::read(&mut &*jsonl, &NoMask).expect("what is merged is read"), Format::Jsonl), jsonl);
});

fn written(log: &Log, format: Format) -> Vec<u8> {
    let out = Out::default();
    let asff = AsffTarget { account: "1".into(), region: "r".into(), partition: "aws".into() };
    let options = Options { asff: Some(asff), ..Options::default() };
    let rules = log.rules_with(&RULES);
    log.report(&mut *reporter(format, Box::new(out.clone()), &rules, &options)).expect("writing to memory");
    out.0.take()
}

/// What is written, to be read when the reporter is gone.
#[derive(Clone, Default)]
struct Out(Rc<RefCell<Vec<u8>>>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
