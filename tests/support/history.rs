//! Histories made by chance, and what git itself says of them, commit by commit and tree by tree: slow, and obviously right.

use std::collections::{BTreeMap, BTreeSet};

use super::Dir;
use super::secrets::Maker;

/// Files of a commit: path, mode and content.
type Files = BTreeMap<String, (&'static str, String)>;

/// Directories that files are in.
const DIRECTORIES: [&str; 5] = ["", "src/", "src/deep/er/", "conf/", "a/"];
const NAMES: [&str; 5] = ["key.txt", "deploy.sh", "a.env", "main.rs", "b"];

/// Makes a history of so many commits: branches that part and meet again, up to four at a time, roots in the middle, files
/// and directories that are moved, copied, changed, deleted and put back, links and submodules, clocks that go wrong.
/// Every third branch is deleted, so that nothing leads to some of the commits.
pub(crate) fn import(dir: &Dir, seed: u64, commits: usize) {
    let hex = dir.git(["hash-object", "-t", "tree", "/dev/null"]);
    let mut story = Story {
        chance: seed,
        maker: Maker::new(seed),
        trees: Vec::new(),
        submodule: hex.trim().chars().rev().collect(),
    };
    let mut stream = String::new();
    for nth in 0..commits {
        let parents = story.parents(nth);
        let mut files = Files::new();
        // What two parents have differently is as in the last.
        parents.iter().for_each(|parent| files.extend(story.trees[*parent].clone()));
        let changes = if parents.len() > 1 && story.below(3) > 0 { 0 } else { 1 + story.below(3) };
        for _ in 0..changes {
            story.change(&mut files);
        }
        story.write_commit(&mut stream, nth, &parents, &files);
        story.trees.push(files);
    }
    dir.git_with(&[], ["fast-import", "--quiet", "--force"], &stream);
    for nth in (0..commits).step_by(3) {
        dir.git(["update-ref", "-d", &format!("refs/heads/b{nth}")]);
    }
    let last = (0..commits).rev().find(|nth| nth % 3 != 0).expect("there are more commits than one");
    dir.git(["symbolic-ref", "HEAD", &format!("refs/heads/b{last}")]);
}

struct Story {
    chance: u64,
    maker: Maker,
    trees: Vec<Files>,
    /// The id of a commit that is somewhere else.
    submodule: String,
}

impl Story {
    /// A number below the limit, by a linear congruence of Knuth's.
    fn below(&mut self, limit: usize) -> usize {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.chance >> 33).expect("31 bits fit") % limit
    }

    fn parents(&mut self, nth: usize) -> Vec<usize> {
        if nth == 0 || self.below(12) == 0 {
            return Vec::new();
        }
        let wanted = [1, 1, 1, 1, 2, 2, 4][self.below(7)];
        let mut parents: Vec<usize> = (0..wanted).map(|_| nth - 1 - self.below(nth.min(6))).collect();
        let mut seen = BTreeSet::new();
        parents.retain(|parent| seen.insert(*parent));
        parents
    }

    fn path(&mut self) -> String {
        format!("{}{}", DIRECTORIES[self.below(DIRECTORIES.len())], NAMES[self.below(NAMES.len())])
    }

    fn some(&mut self, files: &Files) -> Option<String> {
        let nth = self.below(files.len().max(1));
        files.keys().nth(nth).cloned()
    }

    fn change(&mut self, files: &mut Files) {
        match (self.below(9), self.some(files)) {
            (0, Some(moved)) => {
                let file = files.remove(&moved).expect("it was just found");
                files.insert(self.path(), file);
            }
            (1, Some(copied)) => drop(files.insert(self.path(), files[&copied].clone())),
            (2, Some(deleted)) => drop(files.remove(&deleted)),
            (3, Some(changed)) => {
                let (mode, text) = files[&changed].clone();
                if mode != "160000" {
                    files.insert(changed, (mode, format!("{text}# {}\n", self.below(1000))));
                }
            }
            (4, Some(_)) => self.move_directory(files),
            (5, _) if !self.trees.is_empty() => {
                let nth = self.below(self.trees.len());
                let old = self.trees[nth].clone();
                if let Some(path) = self.some(&old) {
                    files.insert(path.clone(), old[&path].clone());
                }
            }
            (6, _) => drop(files.insert("module".to_owned(), ("160000", self.submodule.clone()))),
            (7, _) => drop(files.insert(self.path(), ("120000", format!("../{}", self.maker.github_token())))),
            _ => drop(files.insert(self.path(), ("100644", format!("token = {}\n", self.maker.github_token())))),
        }
    }

    fn move_directory(&mut self, files: &mut Files) {
        let (from, to) = (DIRECTORIES[1 + self.below(4)], format!("moved{}/", self.below(3)));
        let below: Vec<String> = files.keys().filter(|path| path.starts_with(from)).cloned().collect();
        for path in below {
            let file = files.remove(&path).expect("it was just found");
            files.insert(path.replacen(from, &to, 1), file);
        }
    }

    fn write_commit(&mut self, stream: &mut String, nth: usize, parents: &[usize], files: &Files) {
        let mut line = |text: String| stream.extend([&*text, "\n"]);
        line(format!("reset refs/heads/b{nth}"));
        line(format!("commit refs/heads/b{nth}\nmark :{}", nth + 1));
        let time = 1_600_000_000 + nth * 100 - self.below(3) * 150;
        line(format!("committer C. Committer <committer@example.com> {time} +0000"));
        line(data(&format!("commit {nth}")));
        for (parent, word) in parents.iter().zip(["from"].into_iter().chain(std::iter::repeat("merge"))) {
            line(format!("{word} :{}", parent + 1));
        }
        line("deleteall".to_owned());
        for (path, (mode, text)) in files {
            match *mode {
                "160000" => line(format!("M {mode} {text} {path}")),
                _ => line(format!("M {mode} inline {path}\n{}", data(text))),
            }
        }
    }
}

/// Content, as `git fast-import` reads it.
fn data(text: &str) -> String {
    format!("data {}\n{text}", text.len())
}

/// What git says of a history.
pub(crate) struct Truth {
    /// All commits in the order of docs/ARCHITECTURE.md, each with its files: path and blob.
    commits: Vec<(String, Vec<(String, String)>)>,
    /// How many of these something leads to.
    reached: usize,
    head: String,
    /// All blobs that there are, with what they hold.
    pub(crate) blobs: BTreeMap<String, String>,
}

/// What is to be said of something that stands in some blobs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) commit: String,
    pub(crate) last_commit: String,
    /// In the order of the commits that have them first.
    pub(crate) paths: Vec<String>,
    pub(crate) in_head: bool,
    pub(crate) unreachable: bool,
}

impl Truth {
    /// Asks git.
    pub(crate) fn of(dir: &Dir) -> Self {
        let all = dir.git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"]);
        let of_kind = |kind: &str| -> Vec<String> {
            all.lines().filter_map(|line| line.strip_suffix(&format!(" {kind}"))).map(str::to_owned).collect()
        };
        let commits: BTreeMap<String, Commit> =
            of_kind("commit").into_iter().map(|id| (id.clone(), Commit::of(dir, &id))).collect();
        let reached: BTreeSet<String> =
            dir.git(["rev-list", "--all", "--reflog", "HEAD"]).lines().map(str::to_owned).collect();
        let mut order = Vec::new();
        in_order(&commits, &|id| reached.contains(id), &mut order);
        let count = order.len();
        in_order(&commits, &|id| !reached.contains(id), &mut order);
        let blobs = of_kind("blob").into_iter().map(|id| (id.clone(), dir.git(["cat-file", "blob", &id]))).collect();
        let head = dir.git(["rev-parse", "HEAD"]).trim().to_owned();
        let files = |id: String| (files(dir, &id), id);
        let commits = order.into_iter().map(files).map(|(files, id)| (id, files)).collect();
        Self { commits, reached: count, head, blobs }
    }

    /// What is to be said of what stands in these blobs; none if no commit has them.
    pub(crate) fn of_blobs(&self, blobs: &BTreeSet<String>) -> Option<Told> {
        let has = |(_, files): &&(String, Vec<(String, String)>)| files.iter().any(|(_, blob)| blobs.contains(blob));
        let first = self.commits.iter().position(|commit| has(&commit))?;
        let (reached, others) = self.commits.split_at(self.reached);
        let last = reached.iter().rev().chain(others.iter().rev()).find(has).expect("the first has it");
        let mut paths: Vec<String> = Vec::new();
        for (_, files) in &self.commits {
            for (path, _) in
                files.iter().filter(|(path, blob)| blobs.contains(blob) && !paths.contains(path)).collect::<Vec<_>>()
            {
                paths.push(path.clone());
            }
        }
        Some(Told {
            commit: self.commits[first].0.clone(),
            last_commit: last.0.clone(),
            paths,
            in_head: self.commits.iter().filter(has).any(|(id, _)| *id == self.head),
            unreachable: first >= self.reached,
        })
    }
}

struct Commit {
    parents: Vec<String>,
    time: i64,
}

impl Commit {
    fn of(dir: &Dir, id: &str) -> Self {
        let text = dir.git(["cat-file", "commit", id]);
        let header = text.split("\n\n").next().expect("a commit has a header");
        let time = header.lines().find_map(|line| line.strip_prefix("committer ")).expect("it has a committer");
        let time = time.rsplit(' ').nth(1).expect("and a time").parse().expect("in seconds");
        let parents = header.lines().filter_map(|line| line.strip_prefix("parent ")).map(str::to_owned).collect();
        Self { parents, time }
    }
}

/// Takes, as long as there is one, of the commits without a parent left the first by time and id.
fn in_order(commits: &BTreeMap<String, Commit>, is_in: &dyn Fn(&str) -> bool, order: &mut Vec<String>) {
    loop {
        let is_left = |id: &&String| is_in(id) && !order.contains(id);
        let is_free =
            |id: &&String| !commits[*id].parents.iter().any(|parent| is_in(parent) && !order.contains(parent));
        let next = commits.keys().filter(is_left).filter(is_free).min_by_key(|id| (commits[*id].time, *id)).cloned();
        match next {
            Some(next) => order.push(next),
            None => return,
        }
    }
}

/// The files and links of a commit, by path.
fn files(dir: &Dir, commit: &str) -> Vec<(String, String)> {
    let listed = dir.git(["ls-tree", "-r", "-z", commit]);
    let lines = listed.split('\0').filter(|line| !line.is_empty() && !line.starts_with("160000"));
    let parts = lines.map(|line| line.split_once('\t').expect("a path follows a tab"));
    parts.map(|(entry, path)| (path.to_owned(), entry.rsplit(' ').next().expect("an id").to_owned())).collect()
}
