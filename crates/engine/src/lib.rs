//! Information-flow-controlled SQL over the vault; the only home of DataFusion.
