//! The same promise for verbs that search nothing, or are not about what is found: neither what they are given nor what they
//! read shows a secret, raw or encoded; nor do the files that they write.

use std::ffi::OsStr;

use super::leaks::{FORMATS, images, leaky};
use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

const ASFF: [&str; 2] = ["--asff-account=123456789012", "--asff-region=eu-central-1"];

fn tokens<const N: usize>(seed: u64) -> [String; N] {
    let mut maker = Maker::new(seed);
    std::array::from_fn(|_| maker.github_token())
}

#[track_caller]
fn text_tells_nothing(text: &str, secrets: &[String]) {
    for image in secrets.iter().flat_map(|secret| images(secret)) {
        assert!(!text.contains(&image), "{image} is in\n{text}");
    }
}

#[track_caller]
fn tells_nothing(outcome: &Outcome, secrets: &[String]) {
    text_tells_nothing(&outcome.stdout, secrets);
    text_tells_nothing(&outcome.stderr, secrets);
}

/// Runs it, tersely and in detail; it has something to say.
#[track_caller]
fn run(dir: &Dir, args: &[&str], secrets: &[String]) {
    for verbose in [&[][..], &["-v"]] {
        let outcome = dir.keysieve(args.iter().chain(verbose).copied()).run();
        assert!(!outcome.stdout.is_empty() || !outcome.stderr.is_empty(), "{args:?} says nothing");
        tells_nothing(&outcome, secrets);
    }
}

#[test]
fn explain_tells_nothing() {
    let (dir, mut secrets) = leaky(&mut Maker::new(770));
    dir.git(["init", "--quiet"]);
    dir.commit_all("all");
    for file in ["two.txt", "beside.txt", "pair.ini", "call.py", "low.ini", "wrapped.yml", "wide.txt", &secrets[0]] {
        for line in 1..=2 {
            run(&dir, &["explain", &format!("{file}:{line}")], &secrets);
            run(&dir, &["explain", &format!("HEAD:{file}:{line}")], &secrets);
        }
    }
    // Nor what it is asked for and cannot find.
    let [unknown] = tokens(771);
    secrets.push(unknown.clone());
    for place in ["U:1", "U:a:1", "two.txt:U", "two.txt:1:U", "HEAD:U:1", "two.txt:99"] {
        run(&dir, &["explain", &place.replace('U', &unknown)], &secrets);
    }
    run(&dir, &["explain", "two.txt:1", "--rules", &unknown], &secrets);
    run(&dir, &["explain", "two.txt:1", "--rule", &unknown], &secrets);
}

#[test]
fn reports_that_are_converted_and_merged_tell_nothing() {
    let (dir, secrets) = leaky(&mut Maker::new(772));
    dir.git(["init", "--quiet"]);
    dir.commit_all(&format!("use {}", secrets[1]));
    dir.keysieve(["scan", "--show-suppressed", "-f", "jsonl=tree.jsonl"]).run().status(1);
    dir.keysieve(["history", "-f", "jsonl=history.jsonl"]).run().status(1);
    for format in FORMATS {
        for verb in
            [&["convert", "tree.jsonl"][..], &["convert", "history.jsonl"], &["merge", "tree.jsonl", "history.jsonl"]]
        {
            let args = [&["report"], verb, &["-f", format], &ASFF].concat();
            let outcome = dir.keysieve(args).run().status(0);
            assert!(!outcome.stdout.is_empty(), "{format}: there is no report");
            tells_nothing(&outcome, &secrets);
        }
    }
}

/// What else has written a report may have put into it, and what a keysieve did that knew fewer rules.
#[test]
fn a_report_is_masked_whoever_wrote_it() {
    let (dir, secrets) = (Dir::new(), tokens::<9>(773));
    dir.write("a", &secrets[0]).keysieve(["scan", "-f", "jsonl=a.jsonl"]).run().status(1);
    let report = dir.read("a.jsonl");
    let (finding, summary) = report.split_once('\n').expect("a finding and a summary");
    let mut finding: serde_json::Value = serde_json::from_str(finding).expect("it is JSON");
    let mut summary: serde_json::Value = serde_json::from_str(summary).expect("it is JSON");
    let mut fresh = secrets[1..].iter();
    let mut secret = || serde_json::json!(fresh.next().expect("there are enough"));
    for pointer in
        ["/rule", "/description", "/why", "/secret", "/occurrences/0/path", "/occurrences/0/location/snippet"]
    {
        *finding.pointer_mut(pointer).expect("a finding has it") = secret();
    }
    summary["repository"] = secret();
    summary["branch"] = secret();
    dir.write("a.jsonl", format!("{finding}\n{summary}\n"));
    for format in FORMATS {
        let outcome = dir.keysieve(["report", "convert", "a.jsonl", "-f", format]).arg(ASFF[0]).arg(ASFF[1]).run();
        tells_nothing(&outcome.status(0), &secrets);
    }
    // What is no report at all.
    for text in [secrets[1].clone(), format!("{{\"type\":\"{}\"}}", secrets[1])] {
        dir.write("b.jsonl", text);
        run(&dir, &["report", "convert", "b.jsonl"], &secrets);
    }
    run(&dir, &["report", "convert", &secrets[1]], &secrets);
    run(&dir, &["report", "convert", "a.jsonl", "-f", &format!("csv={}/x", secrets[1])], &secrets);
}

#[test]
fn baselines_and_allow_files_tell_nothing() {
    let (dir, mut secrets) = leaky(&mut Maker::new(774));
    dir.git(["init", "--quiet"]);
    dir.commit_all(&format!("use {}", secrets[1]));
    let given = tokens::<3>(775);
    secrets.extend(given.clone());
    let [name, path, other] = &given;
    for args in [
        &["create"][..],
        &["diff"],
        &["update", "--history"],
        &["prune"],
        &["create", "--baseline", name],
        &["diff", "--from", path],
    ] {
        run(&dir, &[&["baseline"], args].concat(), &secrets);
    }
    text_tells_nothing(&dir.read(".keysieve-baseline"), &secrets);
    dir.write("broken", format!("{name}\n"));
    run(&dir, &["baseline", "diff", "--baseline", "broken"], &secrets);
    run(&dir, &["baseline", "diff", "--from", "broken"], &secrets);

    let print = "00112233445566778899aabbccddeeff";
    for args in [
        &[print, "--reason", name][..],
        &[name, "--reason", "why"],
        &[print, "--reason", "why", "--path", path],
        &[print, "--reason", "why", "--owner", path],
        &[print, "--reason", "why", "--until", path],
        &[print, "--reason", "why", "--allow-file", other],
        &[print, "--reason", "why"],
    ] {
        run(&dir, &[&["allow", "add"], args].concat(), &secrets);
    }
    text_tells_nothing(&dir.read(".keysieve-allow"), &secrets);
    run(&dir, &["allow", "list"], &secrets);
    // What others have written into it.
    for entry in
        [format!("{print} reason=\"{name}\" path={path} owner={other}"), name.clone(), format!("{print} {name}={path}")]
    {
        dir.write(".keysieve-allow", format!("{entry}\n"));
        for verb in ["list", "check"] {
            run(&dir, &["allow", verb], &secrets);
        }
        run(&dir, &["scan", "--show-suppressed"], &secrets);
    }
}

#[test]
fn configuration_tells_nothing() {
    let (dir, secrets) = (Dir::repository(), tokens::<4>(776));
    let [a, b, c, d] = &secrets;
    dir.write("a.txt", "text\n");
    for text in [
        format!("{a} = 1\n"),
        format!("\"{a}\" = \"{b}\"\n"),
        format!("fail-on = \"{a}\"\n"),
        format!("baseline = \"{a}\"\nallow-file = \"{b}\"\n"),
        format!("[rules]\noff = [\"{a}\"]\n"),
        format!("[rules]\nfiles = [\"{a}.toml\"]\n"),
        format!("[rules.severity]\n\"{a}\" = \"low\"\n"),
        format!("[[allow]]\npaths = [\"{a}\"]\nvalues = [\"{b}\"]\nregexes = [\"{c}\"]\nreason = \"{d}\"\n"),
        format!("[[allow]]\nregexes = [\"({a}\"]\n"),
        format!("[[directory]]\npath = \"{a}\"\noff = [\"{b}\"]\n"),
        format!("allow-markers = [\"{a}\"]\n"),
        format!("[limits]\nmax-size = \"{a}\"\n"),
        format!("x = {a}\n"),
    ] {
        dir.write(".keysieve.toml", text);
        for args in [&["show"][..], &["show", "--origin"], &["check"]] {
            run(&dir, &[&["config"], args].concat(), &secrets);
        }
        run(&dir, &["scan", "a.txt", "--stats"], &secrets);
        run(&dir, &["explain", "a.txt:1"], &secrets);
        run(&dir, &["doctor"], &secrets);
    }
    dir.write(".keysieve.toml", "");
    run(&dir, &["config", "show", "--config", a], &secrets);
    run(&dir, &["config", "check", a], &secrets);
}

/// Names of directories, of hooks, of work trees; and what the user holds.
#[test]
fn doctor_and_hooks_tell_nothing() {
    let (dir, secrets) = (Dir::repository(), tokens::<5>(777));
    let [absent, hooks, tree, profile, held] = &secrets;
    dir.write("a", "").commit_all("first");
    dir.write(".env", format!("KEY={held}\n")).write(".gitignore", ".env\n");
    dir.write(".aws/credentials", format!("[{profile}]\naws_secret_access_key = {held}\n"));
    for directory in [&format!("/none/{absent}"), hooks] {
        dir.git(["config", "core.hooksPath", directory]);
        for args in [
            &["doctor"][..],
            &["hook", "status"],
            &["hook", "install"],
            &["hook", "status"],
            &["doctor"],
            &["hook", "uninstall"],
        ] {
            // Nothing can be made of a directory in the root's.
            if directory == hooks || args != ["hook", "install"] {
                run(&dir, args, &secrets);
            }
        }
    }
    dir.git(["worktree", "add", "--quiet", "-b", "other", tree]);
    run(&dir, &["doctor"], &secrets);
    let there = crate::support::Keysieve::new(&dir.join(tree), ["doctor"]).run();
    tells_nothing(&there, &secrets);
    tells_nothing(&dir.keysieve(["doctor"]).env("GIT_DIR", &format!("/none/{absent}")).run(), &secrets);
    let skipped = dir.keysieve(["hook", "run", "pre-commit"]).env("KEYSIEVE_SKIP", held).run();
    tells_nothing(&skipped, &secrets);
}

/// What it writes has to say what the settings said. What it has to say about that shows nothing.
#[test]
fn import_tells_nothing_but_what_it_carries_over() {
    let (dir, secrets) = (Dir::repository(), tokens::<8>(778));
    let [a, b, c, d, e, f, g, h] = &secrets;
    dir.write(
        "gitleaks.toml",
        format!(
            "title = \"{a}\"\n[extend]\npath = \"{b}\"\n[[rules]]\nid = \"{c}\"\nregex = '({d})'\nkeywords = [\"{d}\"]\n\
             tags = [\"{e}\"]\n[[rules]]\nid = \"x\"\nregex = '(?=x){f}'\n[allowlist]\ncommits = [\"{g}\"]\n\
             [unknown-{h}]\nx = \"{h}\"\n"
        ),
    );
    dir.write(".gitleaksignore", format!("{a}:a.txt:github-pat:1\na.txt:generic:{b}\n{c}\n"));
    dir.write("broken.toml", format!("{a} = \n")).write(".gitallowed", format!("({g}\n"));
    for (key, value) in
        [("patterns", format!("({d}")), ("allowed", format!("[{e}")), ("providers", format!("echo {f}"))]
    {
        dir.git(["config", "--add", &format!("secrets.{key}"), &value]);
    }
    for args in [
        &["gitleaks", "gitleaks.toml"][..],
        &["gitleaks", ".gitleaksignore"],
        &["gitleaks", "broken.toml"],
        &["gitleaks", h],
        &["git-secrets"],
    ] {
        for verbose in [&[][..], &["-v"]] {
            let all = ["import"].iter().chain(args).chain(verbose).map(OsStr::new);
            let outcome = all.fold(dir.keysieve([]), crate::support::Keysieve::arg).run();
            assert!(!outcome.stderr.is_empty(), "{args:?} has nothing to say");
            text_tells_nothing(&outcome.stderr, &secrets);
        }
    }
}
