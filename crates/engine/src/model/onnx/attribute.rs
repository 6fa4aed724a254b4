//! Attributes of an operator: each is known, stated once, and of its type.

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::{AttributeProto, NodeProto, TensorProto};

use super::fault::GraphFault;

/// The attributes of one operator.
pub(super) struct Attributes<'a>(&'a NodeProto);

impl<'a> Attributes<'a> {
    /// Those of a node, which has no other than these.
    pub(super) fn of(node: &'a NodeProto, known: &[&str]) -> Result<Self, GraphFault> {
        for (index, attribute) in node.attribute.iter().enumerate() {
            let name = attribute.name.as_str();
            let again = node.attribute.iter().skip(index + 1).any(|other| other.name == name);
            if again || !known.contains(&name) || !attribute.ref_attr_name.is_empty() {
                return Err(fault(node, name));
            }
        }
        Ok(Self(node))
    }

    /// A whole number; none where it is not stated.
    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, GraphFault> {
        let found = self.find(name, AttributeType::Int)?;
        Ok(found.map(|attribute| attribute.i))
    }

    /// Whole numbers; none where they are not stated.
    pub(super) fn wholes(&self, name: &str) -> Result<Option<&'a [i64]>, GraphFault> {
        let found = self.find(name, AttributeType::Ints)?;
        Ok(found.map(|attribute| attribute.ints.as_slice()))
    }

    /// A tensor; none where it is not stated.
    pub(super) fn tensor(&self, name: &str) -> Result<Option<&'a TensorProto>, GraphFault> {
        let found = self.find(name, AttributeType::Tensor)?;
        Ok(found.and_then(|attribute| attribute.t.as_ref()))
    }

    /// How many numbers a list has.
    pub(super) fn floats(&self, name: &str) -> Result<Option<usize>, GraphFault> {
        let found = self.find(name, AttributeType::Floats)?;
        Ok(found.map(|attribute| attribute.floats.len()))
    }

    /// Refuses an attribute with the value that it has.
    pub(super) fn refused(&self, name: &str) -> GraphFault {
        fault(self.0, name)
    }

    fn find(&self, name: &str, of_type: AttributeType) -> Result<Option<&'a AttributeProto>, GraphFault> {
        let found = self.0.attribute.iter().find(|attribute| attribute.name == name);
        match found {
            Some(attribute) if attribute.r#type != i32::from(of_type) => Err(fault(self.0, name)),
            found => Ok(found),
        }
    }
}

fn fault(node: &NodeProto, attribute: &str) -> GraphFault {
    GraphFault::Attribute {
        node: node.op_type.clone(),
        attribute: attribute.to_owned(),
    }
}
