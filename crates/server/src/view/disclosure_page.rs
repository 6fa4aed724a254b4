//! A published disclosure as a page of text.

use gongshu_api::disclosure::{DisclosedPrice, Disclosure, DisclosureContent};

/// The page in Markdown; none of a disclosure whose content is not public.
pub(crate) fn disclosure_page(shown: &Disclosure) -> Option<String> {
    let content = shown.content.as_ref()?;
    let late = if shown.late { "（逾期公布）" } else { "" };
    let published = shown.published.as_deref().unwrap_or_default();
    let code = content.code.as_deref().unwrap_or("无");
    let mut page = vec![
        format!("# {} {} 年度公共数据资源授权运营信息披露", content.name, shown.year),
        format!(
            "公布时间：{published}，时限 {}{late}；数据截至 {}。",
            shown.due, content.as_of
        ),
        format!("## 本单位情况\n\n统一社会信用代码：{code}\n\n{}", content.about),
    ];
    if let (Some(corrected), Some(reason)) = (&shown.corrects, &shown.reason) {
        page.push(format!("本披露更正 `{corrected}`：{reason}"));
    }
    if let Some(by) = &shown.corrected_by {
        page.push(format!("本披露已由 `{by}` 更正。"));
    }
    page.extend(match content.kind.as_str() {
        "agency" => of_agency(content),
        _ => of_operator(content),
    });
    Some(page.join("\n\n") + "\n")
}

fn of_agency(content: &DisclosureContent) -> Vec<String> {
    let authorizations = content.authorizations.iter().map(|it| {
        let term = format!("{} 至 {}", it.term.from, it.term.until);
        [it.title.clone(), it.operator.clone(), term, it.resources.join("、")]
    });
    vec![
        table("授权情况", ["授权协议", "运营机构", "期限", "数据资源"], authorizations),
        table(
            "价格上限",
            ["产品", "上限（元）"],
            content
                .ceilings
                .iter()
                .map(priced)
                .map(|[product, amount, _]| [product, amount]),
        ),
    ]
}

fn of_operator(content: &DisclosureContent) -> Vec<String> {
    let resources = content.resources.iter();
    let resources = resources.map(|it| [it.name.clone(), it.provider.clone(), it.field_of_application.clone()]);
    let products = content.products.iter().map(|it| {
        [
            it.name.clone(),
            it.summary.clone(),
            it.scenario.clone(),
            it.service_level.clone(),
        ]
    });
    vec![
        table("获授权数据资源", ["数据资源", "数源单位", "应用领域"], resources),
        table("产品和服务清单", ["产品", "说明", "场景", "服务水平"], products),
        table(
            "实际价格",
            ["产品", "价格（元）", "起始日期"],
            content.prices.iter().map(priced),
        ),
    ]
}

fn priced(price: &DisclosedPrice) -> [String; 3] {
    let amount = price.amount.clone().unwrap_or_else(|| "免费".to_owned());
    [price.product.clone(), amount, price.since.clone().unwrap_or_default()]
}

fn table<const N: usize>(title: &str, heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let plain = |cell: &String| cell.replace('|', "｜").replace(['\n', '\r'], " ");
    let line = |cells: &[String; N]| format!("| {} |", cells.each_ref().map(plain).join(" | "));
    let body: Vec<String> = rows.map(|row| line(&row)).collect();
    let table = if body.is_empty() {
        "（无）".to_owned()
    } else {
        let rule = format!("|{}", " --- |".repeat(N));
        [line(&heads.map(str::to_owned)), rule, body.join("\n")].join("\n")
    };
    format!("## {title}\n\n{table}")
}
