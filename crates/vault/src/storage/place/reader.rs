//! A stored Parquet file, as its reader fetches it: the footer, then the columns that are asked for.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::parquet::arrow::arrow_reader::ArrowReaderOptions;
use datafusion::parquet::arrow::async_reader::AsyncFileReader;
use datafusion::parquet::errors::{ParquetError, Result};
use datafusion::parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use futures::FutureExt;
use futures::future::BoxFuture;

use super::Place;

/// Fetched with the end of the file, so that a footer is one request.
const FOOTER_BYTES: usize = 256 << 10;

/// Reads ranges of one file.
pub(crate) struct PlaceReader {
    place: Arc<dyn Place>,
    file: String,
    length: u64,
}

impl PlaceReader {
    pub(crate) fn new(place: Arc<dyn Place>, file: String, length: u64) -> Self {
        Self { place, file, length }
    }
}

impl AsyncFileReader for PlaceReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes>> {
        let ranges = self.get_byte_ranges(vec![range]);
        async move {
            let missing = || ParquetError::EOF("the range is not there".to_owned());
            ranges.await?.pop().ok_or_else(missing)
        }
        .boxed()
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, Result<Vec<Bytes>>> {
        let fetched = self.place.ranges(&self.file, ranges);
        async move { fetched.await.map_err(|error| ParquetError::External(Box::new(error))) }.boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>>> {
        let length = self.length;
        let footer = usize::try_from(length).unwrap_or(usize::MAX).min(FOOTER_BYTES);
        let reader = ParquetMetaDataReader::new()
            .with_prefetch_hint(Some(footer))
            .with_arrow_reader_options(options);
        async move { Ok(Arc::new(reader.load_and_finish(self, length).await?)) }.boxed()
    }
}
