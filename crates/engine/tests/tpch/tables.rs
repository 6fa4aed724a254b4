//! The tables of TPC-H, generated; shared by the differential test and the benchmark.

use std::fmt::Display;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Builder, Decimal128Builder, Int64Builder, RecordBatch, StringBuilder};
use datafusion::arrow::datatypes::{Field as Column, Schema};
use gongshu_engine::FieldType;
use tpchgen::dates::TPCHDate;
use tpchgen::decimal::TPCHDecimal;
use tpchgen::generators::*;

/// The 22 queries with the specification's validation parameters (TPC-H 3.0.1, 2.4).
pub const QUERIES: [(&str, &str); 22] = [
    ("Q1", include_str!("q01.sql")),
    ("Q2", include_str!("q02.sql")),
    ("Q3", include_str!("q03.sql")),
    ("Q4", include_str!("q04.sql")),
    ("Q5", include_str!("q05.sql")),
    ("Q6", include_str!("q06.sql")),
    ("Q7", include_str!("q07.sql")),
    ("Q8", include_str!("q08.sql")),
    ("Q9", include_str!("q09.sql")),
    ("Q10", include_str!("q10.sql")),
    ("Q11", include_str!("q11.sql")),
    ("Q12", include_str!("q12.sql")),
    ("Q13", include_str!("q13.sql")),
    ("Q14", include_str!("q14.sql")),
    ("Q15", include_str!("q15.sql")),
    ("Q16", include_str!("q16.sql")),
    ("Q17", include_str!("q17.sql")),
    ("Q18", include_str!("q18.sql")),
    ("Q19", include_str!("q19.sql")),
    ("Q20", include_str!("q20.sql")),
    ("Q21", include_str!("q21.sql")),
    ("Q22", include_str!("q22.sql")),
];

/// A generated table.
pub struct Generated {
    pub name: &'static str,
    pub fields: Vec<(&'static str, FieldType)>,
    pub rows: RecordBatch,
}

/// Builds a column from the values of one kind.
trait Build {
    type Value<'v>;
    fn push(&mut self, value: Self::Value<'_>);
    fn end(self) -> ArrayRef;
}

#[derive(Default)]
struct Integer(Int64Builder);

impl Build for Integer {
    type Value<'v> = i64;
    fn push(&mut self, value: i64) {
        self.0.append_value(value);
    }
    fn end(mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

#[derive(Default)]
struct Decimal(Decimal128Builder);

impl Build for Decimal {
    type Value<'v> = TPCHDecimal;
    fn push(&mut self, value: TPCHDecimal) {
        self.0.append_value(i128::from(value.into_inner()));
    }
    fn end(mut self) -> ArrayRef {
        let values = self.0.finish().with_precision_and_scale(15, 2);
        Arc::new(values.unwrap())
    }
}

#[derive(Default)]
struct Date(Date32Builder);

impl Build for Date {
    type Value<'v> = TPCHDate;
    fn push(&mut self, value: TPCHDate) {
        self.0.append_value(value.to_unix_epoch());
    }
    fn end(mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

#[derive(Default)]
struct Text(StringBuilder);

impl Build for Text {
    type Value<'v> = &'v dyn Display;
    fn push(&mut self, value: &dyn Display) {
        use std::fmt::Write;
        write!(self.0, "{value}").unwrap();
        self.0.append_value("");
    }
    fn end(mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// A table: its columns in order, each with its kind and what it is made of.
macro_rules! generated {
    ($name:literal, $generator:ident, $scale:expr, |$row:ident| $($column:ident: $kind:ident = $value:expr,)*) => {{
        $(let mut $column = $kind::default();)*
        for $row in $generator::new($scale, 1, 1).iter() {
            $($column.push($value);)*
        }
        let fields = vec![$((stringify!($column), FieldType::$kind)),*];
        let columns = vec![$($column.end()),*];
        let schema = fields.iter().zip(&columns);
        let schema = schema.map(|((name, _), data)| Column::new(*name, data.data_type().clone(), true));
        let rows = RecordBatch::try_new(Arc::new(Schema::new(schema.collect::<Vec<_>>())), columns).unwrap();
        Generated { name: $name, fields, rows }
    }};
}

/// The eight tables at a scale factor; 1 is about a gigabyte.
pub fn tables(scale: f64) -> Vec<Generated> {
    vec![
        generated!("region", RegionGenerator, scale, |row|
            r_regionkey: Integer = row.r_regionkey, r_name: Text = &row.r_name, r_comment: Text = &row.r_comment,
        ),
        generated!("nation", NationGenerator, scale, |row|
            n_nationkey: Integer = row.n_nationkey, n_name: Text = &row.n_name,
            n_regionkey: Integer = row.n_regionkey, n_comment: Text = &row.n_comment,
        ),
        generated!("supplier", SupplierGenerator, scale, |row|
            s_suppkey: Integer = row.s_suppkey, s_name: Text = &row.s_name, s_address: Text = &row.s_address,
            s_nationkey: Integer = row.s_nationkey, s_phone: Text = &row.s_phone, s_acctbal: Decimal = row.s_acctbal,
            s_comment: Text = &row.s_comment,
        ),
        generated!("customer", CustomerGenerator, scale, |row|
            c_custkey: Integer = row.c_custkey, c_name: Text = &row.c_name, c_address: Text = &row.c_address,
            c_nationkey: Integer = row.c_nationkey, c_phone: Text = &row.c_phone, c_acctbal: Decimal = row.c_acctbal,
            c_mktsegment: Text = &row.c_mktsegment, c_comment: Text = &row.c_comment,
        ),
        generated!("part", PartGenerator, scale, |row|
            p_partkey: Integer = row.p_partkey, p_name: Text = &row.p_name, p_mfgr: Text = &row.p_mfgr,
            p_brand: Text = &row.p_brand, p_type: Text = &row.p_type, p_size: Integer = row.p_size.into(),
            p_container: Text = &row.p_container, p_retailprice: Decimal = row.p_retailprice,
            p_comment: Text = &row.p_comment,
        ),
        generated!("partsupp", PartSuppGenerator, scale, |row|
            ps_partkey: Integer = row.ps_partkey, ps_suppkey: Integer = row.ps_suppkey,
            ps_availqty: Integer = row.ps_availqty.into(), ps_supplycost: Decimal = row.ps_supplycost,
            ps_comment: Text = &row.ps_comment,
        ),
        generated!("orders", OrderGenerator, scale, |row|
            o_orderkey: Integer = row.o_orderkey, o_custkey: Integer = row.o_custkey,
            o_orderstatus: Text = &row.o_orderstatus, o_totalprice: Decimal = row.o_totalprice,
            o_orderdate: Date = row.o_orderdate, o_orderpriority: Text = &row.o_orderpriority,
            o_clerk: Text = &row.o_clerk, o_shippriority: Integer = row.o_shippriority.into(),
            o_comment: Text = &row.o_comment,
        ),
        generated!("lineitem", LineItemGenerator, scale, |row|
            l_orderkey: Integer = row.l_orderkey, l_partkey: Integer = row.l_partkey,
            l_suppkey: Integer = row.l_suppkey, l_linenumber: Integer = row.l_linenumber.into(),
            l_quantity: Decimal = TPCHDecimal::new(row.l_quantity * 100), l_extendedprice: Decimal = row.l_extendedprice,
            l_discount: Decimal = row.l_discount, l_tax: Decimal = row.l_tax, l_returnflag: Text = &row.l_returnflag,
            l_linestatus: Text = &row.l_linestatus, l_shipdate: Date = row.l_shipdate,
            l_commitdate: Date = row.l_commitdate, l_receiptdate: Date = row.l_receiptdate,
            l_shipinstruct: Text = &row.l_shipinstruct, l_shipmode: Text = &row.l_shipmode,
            l_comment: Text = &row.l_comment,
        ),
    ]
}
