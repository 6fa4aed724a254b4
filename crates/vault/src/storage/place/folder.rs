//! A folder of the local file system, and the care that makes writes durable.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::future::BoxFuture;

use super::super::folder::{RECORD, names_version};
use super::{Contents, Draft, Place, Sink};
use crate::error::VaultError;

const STAGING_PREFIX: &str = ".staging-";
const BUFFER_BYTES: usize = 1 << 20;

/// Versions are folders.
#[derive(Debug)]
pub(crate) struct LocalFolder {
    root: PathBuf,
}

impl LocalFolder {
    /// Makes the folder.
    pub(super) fn create(root: PathBuf) -> Result<Self, VaultError> {
        make_folder(&root).map_err(VaultError::io("create", &root))?;
        Ok(Self { root })
    }

    /// Writes beside the file, so that it can be put in place whole.
    fn stage(&self, file: &str, bytes: &[u8]) -> io::Result<(PathBuf, PathBuf)> {
        let path = self.root.join(file);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let staged = path.with_file_name(draft_of(&name));
        path.parent().map_or(Ok(()), make_folder)?;
        write_durably(&staged, bytes)?;
        Ok((staged, path))
    }
}

impl Place for LocalFolder {
    fn path_of(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    fn read(&self, file: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(file))
    }

    fn create(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let (staged, path) = self.stage(file, bytes)?;
        // A link, unlike a move, never replaces what is there.
        let linked = fs::hard_link(&staged, &path);
        fs::remove_file(&staged)?;
        linked?;
        sync_parent(&path)
    }

    fn replace(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let (staged, path) = self.stage(file, bytes)?;
        fs::rename(&staged, &path)?;
        sync_parent(&path)
    }

    fn sink(&self, file: &str) -> io::Result<Box<dyn Sink>> {
        let path = self.root.join(file);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let staged = path.with_file_name(draft_of(&name));
        path.parent().map_or(Ok(()), make_folder)?;
        let writer = BufWriter::with_capacity(BUFFER_BYTES, File::create(&staged)?);
        Ok(Box::new(StagedFile {
            writer,
            staged,
            path,
            complete: false,
        }))
    }

    fn wipe(&self, file: &str) -> io::Result<()> {
        let path = self.root.join(file);
        let mut open = match OpenOptions::new().write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        let length = usize::try_from(open.metadata()?.len()).map_err(io::Error::other)?;
        open.write_all(&vec![0; length])?;
        open.sync_all()?;
        self.remove(file)
    }

    fn remove(&self, file: &str) -> io::Result<()> {
        let path = self.root.join(file);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => {
                removed?;
                sync_parent(&path)
            }
        }
    }

    fn length(&self, file: &str) -> io::Result<u64> {
        Ok(fs::metadata(self.root.join(file))?.len())
    }

    fn copy_to(&self, file: &str, sink: &mut dyn Write) -> io::Result<u64> {
        io::copy(&mut File::open(self.root.join(file))?, sink)
    }

    fn ranges(&self, file: &str, ranges: Vec<Range<u64>>) -> BoxFuture<'static, io::Result<Vec<Bytes>>> {
        let path = self.root.join(file);
        Box::pin(async move {
            let open = File::open(path)?;
            ranges.into_iter().map(|range| read_range(&open, range)).collect()
        })
    }

    fn contents(&self) -> io::Result<Contents> {
        let mut contents = Contents::default();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(STAGING_PREFIX) {
                contents.leftovers.push(name);
            } else if names_version(&name) && entry.path().is_dir() {
                contents.versions.push(name);
            }
        }
        contents.versions.sort();
        Ok(contents)
    }

    fn names(&self, version: &str) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.root.join(version))?;
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    }

    fn discard(&self, leftover: &str) -> io::Result<()> {
        fs::remove_dir_all(self.root.join(leftover))
    }

    fn begin(&self, version: &str, number: u64) -> io::Result<Box<dyn Draft>> {
        let target = self.root.join(version);
        if target.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let folder = self.root.join(format!("{STAGING_PREFIX}{number:016x}"));
        fs::create_dir(&folder)?;
        Ok(Box::new(Staging {
            folder,
            target,
            committed: false,
        }))
    }
}

/// The name beside a file under which its next content is written; a crash may leave it.
fn draft_of(name: &str) -> String {
    format!(".{name}.new")
}

/// A folder that is no version yet.
struct Staging {
    folder: PathBuf,
    target: PathBuf,
    committed: bool,
}

impl Draft for Staging {
    fn create(&self, name: &str) -> io::Result<Box<dyn Sink>> {
        let file = File::create_new(self.folder.join(name))?;
        Ok(Box::new(LocalFile(BufWriter::with_capacity(BUFFER_BYTES, file))))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        write_durably(&self.folder.join(name), bytes)
    }

    /// Gives the version its name. Renaming onto another version fails, so two writers cannot mix.
    fn commit(mut self: Box<Self>, record: &[u8]) -> io::Result<()> {
        self.write(RECORD, record)?;
        sync_folder(&self.folder)?;
        fs::rename(&self.folder, &self.target).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty => io::ErrorKind::AlreadyExists.into(),
            _ => error,
        })?;
        self.committed = true;
        sync_parent(&self.target)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.committed {
            // What cannot be removed now is removed by the sweep at the next start.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

struct LocalFile(BufWriter<File>);

impl Write for LocalFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Sink for LocalFile {
    fn complete(self: Box<Self>) -> io::Result<()> {
        let file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}

/// A large file beside its place.
struct StagedFile {
    writer: BufWriter<File>,
    staged: PathBuf,
    path: PathBuf,
    complete: bool,
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Sink for StagedFile {
    fn complete(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()?;
        self.writer.get_ref().sync_all()?;
        fs::rename(&self.staged, &self.path)?;
        self.complete = true;
        sync_parent(&self.path)
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if !self.complete {
            // What cannot be removed now is removed by the sweep at the next start.
            let _ = fs::remove_file(&self.staged);
        }
    }
}

/// Makes a folder, for its owner only, where there is none.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn read_range(file: &File, range: Range<u64>) -> io::Result<Bytes> {
    let length = usize::try_from(range.end.saturating_sub(range.start)).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, range.start)?;
    Ok(bytes.into())
}

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
