//! From objects to documents: how blobs, names and messages are read and pushed, by as many threads as it takes. Which ones
//! is up to the sources in `staged`, `range` and `history`.

use std::{
    io::{self, Cursor, Read},
    sync::atomic::{AtomicUsize, Ordering},
};

use gix::{ObjectId, bstr::BStr, hash::oid, objs::Kind as ObjectKind};

use super::{
    objects::{ObjectError, ObjectReader, Objects},
    tree::Kind,
};
use crate::{
    model::{KindSet, Name, Origin, UnreadReason},
    source::{Content, Document, Sink, Worker},
};

/// Up to this many objects are read by one thread: starting others takes longer than reading what a commit usually has.
const FEW: usize = 64;
/// Items that one thread takes at once; neighbours are often versions of one file, and quicker to unpack together.
const AT_ONCE: usize = 16;

/// One thread's way from objects to documents.
pub(super) struct DocumentReader<'w> {
    worker: Box<dyn Worker + 'w>,
    objects: ObjectReader,
    buffer: Vec<u8>,
}

impl DocumentReader<'_> {
    /// Pushes an object of this kind, unless it has more bytes than the limit.
    pub(super) fn push(
        &mut self,
        origin: Origin,
        kinds: KindSet,
        object: (&ObjectId, ObjectKind),
        max_size: Option<u64>,
    ) {
        let is_known = self.is_within(object.0, max_size).map(|()| self.worker.knows(&origin, kinds));
        let read = is_known.and_then(|is_known| if is_known { Ok(false) } else { self.read(object).map(|()| true) });
        match read {
            Ok(true) => self.worker.document(Document { origin, kinds, content: Content::Bytes(&self.buffer) }),
            Ok(false) => {}
            Err(reason) => self.worker.unread(origin, reason),
        }
    }

    /// Pushes a document that is not held.
    pub(super) fn stream(&mut self, origin: Origin, kinds: KindSet, content: &mut dyn Read) {
        self.worker.document(Document { origin, kinds, content: Content::Stream(content) });
    }

    /// How many bytes an object has, if that can be told.
    pub(super) fn size(&self, id: &ObjectId) -> Option<u64> {
        self.objects.size(id).ok()
    }

    fn is_within(&self, id: &ObjectId, max_size: Option<u64>) -> Result<(), UnreadReason> {
        let Some(limit) = max_size else { return Ok(()) };
        match self.objects.size(id).map_err(|error| unread(&error))? {
            size if size <= limit => Ok(()),
            size => Err(UnreadReason::Limit(format!("its {size} bytes are more than the limit of {limit}"))),
        }
    }

    fn read(&mut self, (id, kind): (&ObjectId, ObjectKind)) -> Result<(), UnreadReason> {
        self.objects.read(id, kind, &mut self.buffer).map_err(|error| unread(&error))
    }
}

/// The kinds of a file with this path. The text of a link is of no kind in particular.
pub(super) fn kinds(kind: Kind, path: &[u8]) -> KindSet {
    if kind == Kind::Link { KindSet::ALL } else { KindSet::of_path(path) }
}

pub(super) fn unread(error: &ObjectError) -> UnreadReason {
    UnreadReason::Io(error.to_string())
}

pub(super) fn push_name(path: &BStr, worker: &mut dyn Worker) {
    let origin = Origin::FileName(Name::new(path));
    worker.document(Document { origin, kinds: KindSet::ALL, content: Content::Bytes(path) });
}

/// The name of a ref is a document as well.
pub(super) fn push_ref(name: &Name, worker: &mut dyn Worker) {
    let content = Content::Bytes(name.expose());
    worker.document(Document { origin: Origin::Ref(name.clone()), kinds: KindSet::ALL, content });
}

/// Does `work` on each of `items`, on as many threads as there are if that pays, until the run is interrupted.
pub(super) fn each_with_reader<T: Sync>(
    sink: &dyn Sink,
    objects: &Objects,
    items: &[T],
    work: impl Fn(&T, &mut DocumentReader<'_>) + Sync,
) {
    let unless_stopped = |item: &T, reader: &mut DocumentReader<'_>| {
        if !reader.worker.stopped() {
            work(item, reader);
        }
    };
    each_to_the_end(sink, objects, items, unless_stopped);
}

/// The same, though the run be interrupted.
pub(super) fn each_to_the_end<T: Sync>(
    sink: &dyn Sink,
    objects: &Objects,
    items: &[T],
    work: impl Fn(&T, &mut DocumentReader<'_>) + Sync,
) {
    let next = AtomicUsize::new(0);
    let is_few = items.len() <= FEW;
    let until_done = || {
        let objects = if is_few { objects.reader() } else { objects.reader_in_order() };
        let mut reader = DocumentReader { worker: sink.worker(), objects, buffer: Vec::new() };
        while let Some(items) = items.chunks(AT_ONCE).nth(next.fetch_add(1, Ordering::Relaxed)) {
            items.iter().for_each(|item| work(item, &mut reader));
        }
    };
    if is_few {
        return until_done();
    }
    rayon::scope(|scope| (0..rayon::current_num_threads()).for_each(|_| scope.spawn(|_| until_done())));
}

/// The document that is an object, once more.
pub(super) fn of_object(objects: &Objects, id: &oid, kind: ObjectKind) -> io::Result<Box<dyn Read>> {
    let mut bytes = Vec::new();
    objects.reader().read(id, kind, &mut bytes).map_err(io::Error::other)?;
    Ok(Box::new(Cursor::new(bytes)))
}

/// The document that is a name, once more.
pub(super) fn of_name(name: &Name) -> Box<dyn Read> {
    Box::new(Cursor::new(name.expose().to_vec()))
}
