//! Papers as PDF files: what stands on them, and that the same paper gives the same bytes.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use gongshu_certificate::{
    Algorithm, Authority, Kind, NewKey, Signer, SigningRequest, Subject, Term as CertificateTerm,
};
use gongshu_document::{
    AgreementPaper, AmendmentLine, AmountLine, CertificatePaper, Clause, Digest, DocumentError, Paper, Party, Prepared,
    ResourceLine, ShareLine, SheetPaper, SheetSection, Term, Typesetter,
};

/// Where the sample certificate can be queried.
const QUERY: &str = "http://data.example/register?code=A1B2C3D4E5F60718";

type Outcome = Result<(), Box<dyn Error>>;

#[test]
fn an_agreement_says_what_was_agreed() -> Outcome {
    let pdf = Typesetter::open(None)?.pdf(&agreement())?;
    keep("agreement.pdf", &pdf)?;
    let text = text_of(&pdf)?;
    for said in [
        "龙华区公共数据资源授权运营协议",
        "agr_01",
        "第一条授权范围",
        "以本协议所附资源目录为限",
        "第二条期限",
        "自2026年11月28日起至2031年11月27日止",
        "信贷审核、环境信息服务",
        "企业登记基本信息",
        "70.00%",
        "2027年3月1日",
        "条款摘要（SHA-256）",
    ] {
        assert!(text.contains(said), "`{said}` is not in:\n{text}");
    }
    Ok(())
}

#[test]
fn a_certificate_of_registration_tells_how_to_query_it() -> Outcome {
    let pdf = Typesetter::open(None)?.pdf(&certificate(false))?;
    keep("certificate.pdf", &pdf)?;
    let text = text_of(&pdf)?;
    for said in [
        "公共数据资源登记证",
        "440309-R-000001",
        "A1B2C3D4E5F60718",
        "每日",
        "2026年12月20日",
    ] {
        assert!(text.contains(said), "`{said}` is not in:\n{text}");
    }
    assert!(text.contains("已登记") && !text.contains("已注销"), "{text}");
    let cancelled = Typesetter::open(None)?.pdf(&certificate(true))?;
    assert!(text_of(&cancelled)?.contains("已注销"));
    Ok(())
}

/// `zbarimg` reads the printed page, as a telephone would.
#[test]
fn the_code_on_a_certificate_leads_to_its_query() -> Outcome {
    let folder = tempfile::tempdir()?;
    for cancelled in [false, true] {
        std::fs::write(
            folder.path().join("paper.pdf"),
            Typesetter::open(None)?.pdf(&certificate(cancelled))?,
        )?;
        told_by("pdftoppm", &["-r", "150", "-png", "paper.pdf", "page"], folder.path())?;
        let read = told_by(
            "zbarimg",
            &["--raw", "--quiet", "--nodbus", "page-1.png"],
            folder.path(),
        )?;
        assert_eq!(read.trim(), QUERY);
    }
    Ok(())
}

#[test]
fn a_sheet_has_its_facts_tables_and_entries() -> Outcome {
    let pdf = Typesetter::open(None)?.pdf(&sheet())?;
    keep("sheet.pdf", &pdf)?;
    let text = text_of(&pdf)?;
    for said in [
        "公共数据运营服务费月度结算单",
        "2026年11",
        "pty_per_1",
        "区科创银行",
        "1,367,400.00",
        "（无）",
        "账本条目12–15、40",
        "2026年12月1日",
    ] {
        assert!(text.contains(said), "`{said}` is not in:\n{text}");
    }
    Ok(())
}

#[test]
fn the_same_paper_gives_the_same_bytes() -> Outcome {
    let first = Typesetter::open(None)?;
    let second = Typesetter::open(None)?;
    for paper in [agreement(), certificate(false), sheet()] {
        let bytes = first.pdf(&paper)?;
        assert!(bytes == first.pdf(&paper)?, "once more by the same");
        assert!(bytes == second.pdf(&paper)?, "by another");
    }
    assert!(first.pdf(&certificate(false))? != first.pdf(&certificate(true))?);
    Ok(())
}

/// `pdfsig` of poppler and `openssl cms` judge signatures inside the file; a second one leaves the first as it was.
#[test]
fn both_sides_sign_inside_the_file() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (first, second) = (
        signer(folder.path(), "区数据局", 3)?,
        signer(folder.path(), "运营公司", 4)?,
    );
    let plain = Typesetter::open(None)?.pdf(&agreement())?;
    let once = signed_inside(&plain, &first, "深圳市龙华区数据局")?;
    assert!(once.starts_with(&plain), "what was there stays");
    let twice = signed_inside(&once, &second, "龙华数据运营有限公司")?;
    assert!(twice.starts_with(&once));
    keep("signed.pdf", &twice)?;
    let file = folder.path().join("signed.pdf");
    for (bytes, count) in [(&once, 1), (&twice, 2)] {
        std::fs::write(&file, bytes)?;
        let told = told_by("pdfsig", &["-nocert", "signed.pdf"], folder.path())?;
        assert_eq!(told.matches("Signature is Valid").count(), count, "{told}");
        assert_eq!(told.matches("ETSI.CAdES.detached").count(), count, "{told}");
        assert!(told.contains("Total document signed"), "{told}");
        assert!(text_of(bytes)?.contains("第一条授权范围"));
    }
    let mut altered = twice.clone();
    altered[1000] ^= 1;
    std::fs::write(&file, altered)?;
    let told = told_by("pdfsig", &["-nocert", "signed.pdf"], folder.path())?;
    assert_eq!(told.matches("Signature is Valid").count(), 0, "{told}");
    Ok(())
}

#[test]
fn what_is_signed_inside_is_judged_by_openssl() -> Outcome {
    let folder = tempfile::tempdir()?;
    let signer = signer(folder.path(), "区数据局", 3)?;
    let prepared = Prepared::new(
        &Typesetter::open(None)?.pdf(&certificate(false))?,
        "区数据局",
        "20261128030000",
    )?;
    let signed = prepared.signed_bytes();
    std::fs::write(folder.path().join("signed"), &signed)?;
    std::fs::write(folder.path().join("p7s"), signer.sign_embedded(&signed)?.to_der()?)?;
    let verify = "cms -verify -binary -inform DER -in p7s -content signed -CAfile root.pem -purpose any -cades -attime 1795564900 \
                  -out /dev/null";
    let arguments: Vec<&str> = verify.split_whitespace().collect();
    let told = told_by("openssl", &arguments, folder.path())?;
    assert!(told.contains("successful"), "{told}");
    Ok(())
}

#[test]
fn a_pdf_of_others_is_not_signed_inside() {
    for bytes in [
        &b""[..],
        b"%PDF-1.7",
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        b"xref\n0 1\ntrailer\n<<>>\nstartxref\n0\n%%EOF",
    ] {
        assert!(Prepared::new(bytes, "甲", "20261128030000").is_err());
    }
}

fn signed_inside(pdf: &[u8], signer: &Signer, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let prepared = Prepared::new(pdf, name, "20261128030000")?;
    let signature = signer.sign_embedded(&prepared.signed_bytes())?.to_der()?;
    Ok(prepared.finish(&signature)?)
}

/// A party's key with its certificate; the root's goes into the folder.
fn signer(folder: &Path, name: &str, seed: u8) -> Result<Signer, Box<dyn Error>> {
    let now = 1_795_564_800;
    let root = Authority::root(Algorithm::EcdsaP256, "longhua.example", &[1; 32], &[1; 16], now)?;
    let issuing = root.issuing("longhua.example", &[2; 32], &[2; 16], now)?;
    std::fs::write(folder.join("root.pem"), root.certificate_pem()?)?;
    let key = NewKey::new(Algorithm::EcdsaP256, &[seed; 32])?;
    let request = SigningRequest::parse(key.request_pem()?.as_bytes())?;
    let subject = Subject::new(Kind::Organization, name, name, "pty_1");
    let issued = issuing.issue(&request, &subject, &[seed; 16], CertificateTerm::days(now, 365))?;
    let chain = issued.to_pem()? + &issuing.certificate_pem()?;
    Ok(Signer::from_pem(&key.to_pem()?, &chain)?)
}

/// All that a program says.
fn told_by(program: &str, arguments: &[&str], folder: &Path) -> Result<String, Box<dyn Error>> {
    let out = Command::new(program).current_dir(folder).args(arguments).output()?;
    Ok(format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    ))
}

#[test]
fn text_of_parties_is_text_and_no_markup() -> Outcome {
    let Paper::Agreement(mut paper) = agreement() else {
        return Err("no agreement".into());
    };
    paper.clauses[0].text = "#panic(\"x\") *甲* _乙_ $x$ `丙` <label> @丁 \\ https://a.example".to_owned();
    let text = text_of(&Typesetter::open(None)?.pdf(&Paper::Agreement(paper))?)?;
    assert!(text.contains("#panic(\"x\")*甲*_乙_$x$`丙`<label>@丁"), "{text}");
    Ok(())
}

#[test]
fn a_machine_without_chinese_fonts_is_told_what_to_install() -> Outcome {
    let empty = tempfile::tempdir()?;
    let Err(error) = Typesetter::open(Some(empty.path())) else {
        return Err("an empty folder has fonts".into());
    };
    assert_eq!(error, DocumentError::NoChineseFont(vec![empty.path().to_owned()]));
    let text = error.to_string();
    assert!(
        text.contains("fonts-noto-cjk") && text.contains("GONGSHU_FONTS"),
        "{text}"
    );
    Ok(())
}

/// `GONGSHU_KEEP=folder` keeps the files, to look at them.
fn keep(name: &str, pdf: &[u8]) -> Outcome {
    if let Some(folder) = std::env::var_os("GONGSHU_KEEP") {
        std::fs::write(Path::new(&folder).join(name), pdf)?;
    }
    Ok(())
}

/// The text of a PDF as poppler reads it, without its spaces: where they are is a matter of type.
fn text_of(pdf: &[u8]) -> Result<String, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf)?;
    let out = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output()?;
    assert!(
        out.status.success(),
        "pdftotext: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    let text = String::from_utf8(out.stdout)?;
    Ok(text.split_whitespace().collect())
}

fn party(name: &str, code: &str) -> Party {
    Party {
        name: name.to_owned(),
        code: Some(code.to_owned()),
    }
}

fn agreement() -> Paper {
    let clause = |(title, text): (&str, &str)| Clause {
        title: title.to_owned(),
        text: text.to_owned(),
    };
    let clauses = [
        ("授权范围", "以本协议所附资源目录为限，经数源单位同意后按场景使用。"),
        ("期限", "自签署之日起五年，期满终止，不自动续期。"),
        (
            "价格与收益",
            "实行政府指导价，不高于上限；收益按约定比例分配，逐笔入账。",
        ),
        ("争议解决", "先行协商、调解；不成的，向区人民法院起诉。"),
    ];
    let resources = [("企业登记基本信息", "区市场监管局"), ("纳税信用等级", "区税务局")];
    let shares = [
        ("龙华数据运营有限公司", "运营机构", "70.00%"),
        ("区数据局", "实施机构", "30.00%"),
    ];
    Paper::Agreement(Box::new(AgreementPaper {
        platform: "深圳市龙华区".to_owned(),
        number: "agr_01".to_owned(),
        title: "龙华区公共数据资源授权运营协议".to_owned(),
        agency: party("深圳市龙华区数据局", "11440300MB0000001A"),
        operator: party("龙华数据运营有限公司", "91440300MA0000001B"),
        selection: Some("2026年授权运营机构遴选".to_owned()),
        capacity: vec![AmountLine {
            name: "日调用量".to_owned(),
            quantity: "100000".to_owned(),
            unit: "次".to_owned(),
        }],
        term: Term {
            from: "2026-11-28".to_owned(),
            until: "2031-11-27".to_owned(),
        },
        purposes: ["信贷审核", "环境信息服务"].map(str::to_owned).to_vec(),
        clauses: clauses.map(clause).to_vec(),
        resources: resources
            .map(|(name, provider)| ResourceLine {
                name: name.to_owned(),
                provider: provider.to_owned(),
            })
            .to_vec(),
        shares: shares
            .map(|(party, role, percent)| ShareLine {
                party: party.to_owned(),
                role: role.to_owned(),
                percent: percent.to_owned(),
            })
            .to_vec(),
        text: 2,
        amendments: vec![AmendmentLine {
            day: "2027-03-01".to_owned(),
            reason: "新增环境信息服务用途".to_owned(),
            changes: vec!["用途改为信贷审核、环境信息服务".to_owned()],
        }],
        digest: Digest {
            algorithm: "SHA-256".to_owned(),
            value: "5f8c".repeat(16),
        },
    }))
}

fn sheet() -> Paper {
    let row = |consumer: &str, amount: &str| [consumer, "企业经营状况核验", "120", amount].map(str::to_owned);
    let rows = (0..40).map(|_| row("区科创银行", "1,367,400.00"));
    Paper::Sheet(Box::new(SheetPaper {
        platform: "龙华区公共数据授权运营平台".to_owned(),
        title: "公共数据运营服务费月度结算单".to_owned(),
        subject: "2026年11月".to_owned(),
        number: "pty_per_1".to_owned(),
        day: "2026-12-01".to_owned(),
        issuer: "龙华数据运营有限公司".to_owned(),
        facts: vec![
            ["授权协议".to_owned(), "整体授权协议".to_owned()],
            ["备注".to_owned(), String::new()],
        ],
        sections: vec![
            SheetSection::text("一、说明", ["按协议约定结算，金额以元计。".to_owned()]),
            SheetSection::table("二、账单（元）", ["付款单位:2", "产品:2", "调用#", "金额#"], rows),
            SheetSection::table("三、退款", ["付款单位:1", "金额#"], []),
        ],
        entries: "12–15、40".to_owned(),
    }))
}

fn certificate(cancelled: bool) -> Paper {
    Paper::Certificate(Box::new(CertificatePaper {
        platform: "深圳市龙华区".to_owned(),
        title: "公共数据资源登记证".to_owned(),
        code: "440309-R-000001".to_owned(),
        query_code: "A1B2C3D4E5F60718".to_owned(),
        query_address: Some(QUERY.to_owned()),
        name: "企业登记基本信息".to_owned(),
        summary: "辖区企业名称、统一社会信用代码、行业、登记状态等基本信息。".to_owned(),
        field: "金融服务".to_owned(),
        frequency: "每日".to_owned(),
        holder: party("区市场监管局", "11440300MB0000002X"),
        kind: "首次登记".to_owned(),
        valid: Term {
            from: "2026-12-20".to_owned(),
            until: "2029-12-19".to_owned(),
        },
        cancelled,
        register: "登记查询".to_owned(),
        registrar: "深圳市龙华区数据局".to_owned(),
        issued: "2026-12-20".to_owned(),
    }))
}
