//! A large object, sent part by part while it is written: two parts are in memory at most.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};

use super::super::Sink;
use super::client::{Client, landed};

/// Length of a part. With the 10,000 parts that S3 takes, an object may have 156 GiB.
const PART_BYTES: usize = 16 << 20;

pub(super) struct Upload {
    client: Arc<Client>,
    /// Gone once it is completed or given up.
    upload: Option<Box<dyn MultipartUpload>>,
    part: Vec<u8>,
    sending: Option<Receiver<io::Result<()>>>,
}

impl Upload {
    pub(super) fn begin(client: Arc<Client>, file: &str) -> io::Result<Self> {
        let (store, path) = client.at(file);
        let upload = client.wait(async move { store.put_multipart(&path).await })?;
        Ok(Self {
            client,
            upload: Some(upload),
            part: Vec::new(),
            sending: None,
        })
    }

    /// Sends the part at hand, once the one before has arrived.
    fn send(&mut self) -> io::Result<()> {
        self.arrived()?;
        let part = PutPayload::from(std::mem::take(&mut self.part));
        if let Some(upload) = &mut self.upload {
            self.sending = Some(self.client.start(upload.put_part(part)));
        }
        Ok(())
    }

    fn arrived(&mut self) -> io::Result<()> {
        self.sending.take().map_or(Ok(()), |sending| landed(&sending))
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PART_BYTES - self.part.len();
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.part.extend_from_slice(taken);
        if self.part.len() == PART_BYTES {
            self.send()?;
        }
        Ok(taken.len())
    }

    /// Parts are sent when they are full: a short one may only be the last.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Upload {
    fn complete(mut self: Box<Self>) -> io::Result<()> {
        if !self.part.is_empty() {
            self.send()?;
        }
        self.arrived()?;
        match self.upload.take() {
            Some(mut upload) => self.client.wait(async move { upload.complete().await }).map(drop),
            None => Ok(()),
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(mut upload) = self.upload.take() {
            let _ = self.arrived();
            // Parts that cannot be removed now are encrypted, and a rule of the bucket for unfinished uploads removes them.
            let _ = self.client.wait(async move { upload.abort().await });
        }
    }
}
