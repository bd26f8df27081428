//! What is read of a table, what is kept of it, and what comes out.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is counted from the same list, or from an array as long as the words it stands for"
)]

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, make_array};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Fields, Schema, SchemaRef};

use super::columns::{self, Writer};
use super::rows::{Responses, Scratch, described};
use super::values::Corrupt;
use super::{Failure, guarded};

/// How many verdicts are made before their columns are filled: few enough to stay in the cache.
const CHUNK: usize = 64;

/// How the batches of one schema are classified.
pub(super) struct Plan {
    fields: Fields,
    keep: Vec<usize>,
    /// The columns kept, then the verdict's.
    pub(super) schema: SchemaRef,
}

impl Plan {
    pub(super) fn new(data_type: &DataType, keep: &[String], prefix: &str) -> Result<Self, Failure> {
        check_prefix(prefix)?;
        let DataType::Struct(fields) = data_type else {
            let found = described(data_type);
            return Err(Failure::Type(format!("data is of {found}, expected a table with named columns")));
        };
        // An empty batch shows whether every column is of a type that can be read.
        guarded(|| Responses::of(&ArrayData::new_empty(data_type), fields).map(drop))?;

        let mut columns = columns::fields(prefix)?;
        let mut kept = Vec::new();
        for name in keep {
            if columns.iter().any(|column| column.name() == name) {
                let text = format!("column {name:?} is to be kept and made; a prefix keeps them apart");
                return Err(Failure::Value(text));
            }
            let place = fields.iter().position(|field| field.name() == name);
            kept.push(place.ok_or_else(|| Failure::Value(format!("data has no column {name:?} to keep")))?);
        }
        let kept_fields = kept.iter().map(|place| Arc::clone(&fields[*place]));
        columns = kept_fields.chain(columns).collect();
        Ok(Self { fields: fields.clone(), keep: kept, schema: Arc::new(Schema::new(columns)) })
    }

    /// The columns kept and the verdicts about a batch.
    pub(super) fn classify(&self, batch: &ArrayData) -> Result<RecordBatch, Failure> {
        guarded(|| {
            let kept = self.keep.iter().map(|place| make_array(batch.child_data()[*place].clone()));
            let mut columns: Vec<ArrayRef> = kept.collect();
            let verdicts = verdicts(batch, &self.fields)?;
            columns.extend(verdicts);
            let rows = RecordBatchOptions::new().with_row_count(Some(batch.len()));
            Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &rows)?)
        })
    }
}

fn verdicts(batch: &ArrayData, fields: &Fields) -> Result<Vec<ArrayRef>, Failure> {
    let responses = Responses::of(batch, fields)?;
    let mut scratch = Scratch::default();
    let mut writer = Writer::with_capacity(batch.len());
    let mut chunk = Vec::with_capacity(CHUNK);
    for row in 0..batch.len() {
        let parts = responses.row(row, &mut scratch).map_err(|Corrupt| {
            Failure::Value(format!("data is not what its schema says, in row {row} of a batch"))
        })?;
        chunk.push(cfblock_core::classify(&parts));
        if chunk.len() == CHUNK {
            writer.add(&chunk);
            chunk.clear();
        }
    }
    writer.add(&chunk);
    writer.finish()
}

/// Names of columns go to other languages as texts of C.
pub(super) fn check_prefix(prefix: &str) -> Result<(), Failure> {
    if prefix.contains('\0') {
        return Err(Failure::Value("prefix has a NUL in it".to_owned()));
    }
    Ok(())
}
