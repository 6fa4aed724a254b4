import type { ThemeConfig } from "antd";

/** The one place of colours and sizes. Every text colour has a contrast of at least 4.5 on its ground (WCAG 2.2, 1.4.3). */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: "#0a4f86",
    colorLink: "#0a4f86",
    colorLinkHover: "#06395f",
    colorText: "#1c2530",
    colorTextSecondary: "#4a5563",
    colorTextTertiary: "#586473",
    colorTextDescription: "#4a5563",
    colorTextPlaceholder: "#667180",
    colorTextDisabled: "#6b7583",
    colorSuccess: "#1a6b3c",
    colorWarning: "#8a5200",
    colorError: "#b3261e",
    colorSuccessBg: "#e9f4ed",
    colorSuccessBorder: "#a3cfb4",
    colorWarningBg: "#fcf3e1",
    colorWarningBorder: "#e2c48d",
    colorErrorBg: "#fdeeec",
    colorErrorBorder: "#eab4af",
    colorBgLayout: "#f3f5f8",
    borderRadius: 4,
    fontFamily: '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif',
    fontFamilyCode: '"JetBrains Mono", "DejaVu Sans Mono", ui-monospace, monospace',
    motion: false,
  },
  components: {
    // Ghost buttons stand on the dark header: their colours under the pointer must be light.
    Button: { ghostBg: "transparent" },
    Layout: { headerBg: "#0b2a45", headerColor: "#ffffff", headerPadding: "0 24px", siderBg: "#ffffff" },
    Menu: {
      itemSelectedBg: "#e3edf6",
      itemHeight: 32,
      groupTitleColor: "#586473",
      groupTitleFontSize: 12,
      groupTitleLineHeight: 1.2,
    },
    Table: { headerBg: "#eaeff4", cellPaddingBlockSM: 7 },
  },
};
