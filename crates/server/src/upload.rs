//! A body that is read where reading blocks, while it comes: a few pieces are in memory at most.

use std::io::{self, Read};

use axum::body::{Body, BodyDataStream};
use bytes::{Buf, Bytes};
use futures::StreamExt;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Pieces that wait to be read.
const PIECES_AHEAD: usize = 4;
/// Most bytes that are passed over.
const PASSED_OVER_BYTES_MAX: usize = 256 << 20;

/// What a client sends. A connection that is lost is an error, not an end.
pub(crate) struct Upload {
    pieces: Receiver<io::Result<Bytes>>,
    at_hand: Bytes,
    ended: bool,
}

impl Upload {
    pub(crate) fn of(body: Body) -> Self {
        let (sender, pieces) = mpsc::channel(PIECES_AHEAD);
        tokio::spawn(receive(body.into_data_stream(), sender));
        Self {
            pieces,
            at_hand: Bytes::new(),
            ended: false,
        }
    }
}

/// Hands on what comes, and says that it is over by an empty piece. What nobody reads any more is passed over for a
/// while: a client that is cut off while it sends does not hear why.
async fn receive(mut body: BodyDataStream, pieces: Sender<io::Result<Bytes>>) {
    let (mut unread, mut passed_over) = (false, 0);
    while let Some(piece) = body.next().await {
        let failed = piece.is_err();
        let piece = piece.map_err(io::Error::other);
        let length = piece.as_ref().map_or(0, Bytes::len);
        if !unread && (length > 0 || failed) {
            unread = pieces.send(piece).await.is_err();
        }
        if unread {
            passed_over += length;
        }
        if failed || passed_over > PASSED_OVER_BYTES_MAX {
            return;
        }
    }
    // Whoever reads may have seen enough.
    let _ = pieces.send(Ok(Bytes::new())).await;
}

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at_hand.is_empty() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Ok(piece)) if piece.is_empty() => self.ended = true,
                Some(piece) => self.at_hand = piece?,
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let length = self.at_hand.len().min(buffer.len());
        let taken = self.at_hand.split_to(length);
        taken
            .reader()
            .read_exact(buffer.get_mut(..length).unwrap_or_default())?;
        Ok(length)
    }
}
