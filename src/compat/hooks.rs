//! The modes that an installed hook calls. They are public: configurations of other programs call them by name.

use super::{
    Error,
    scan::{Request, Scan},
};

impl Scan<'_, '_> {
    /// What the commit would add or change. Without any such file there is nothing to look at.
    pub(super) fn pre_commit(&mut self) -> Result<(), Error> {
        let place = self.place.ok_or(Error::NoRepository)?;
        let staged = place.staged(&place.objects()?.reader())?;
        self.entries(&staged)
    }

    /// The file with the message, as it is.
    pub(super) fn commit_msg(&mut self, arguments: &[Vec<u8>]) -> Result<(), Error> {
        let file = arguments.first().cloned().unwrap_or_default();
        self.run(&Request { files: vec![file], ..Request::default() })
    }

    /// The commits of a merge; any other kind of commit has had its turn.
    pub(super) fn prepare_commit_msg(&mut self, arguments: &[Vec<u8>]) -> Result<(), Error> {
        let argument = |nth: usize| arguments.get(nth).map_or(&b""[..], Vec::as_slice);
        if argument(1) != b"merge" || !argument(2).is_empty() {
            return Ok(());
        }
        self.merge()
    }
}
