import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ProblemError } from "./api/client";
import { startTexts, useLanguage } from "./i18n";
import { router } from "./routes";
import "./shell/shell.css";
import { theme } from "./shell/theme";

startTexts();

/** A refusal will not change by asking again; a lost connection may. */
const retry = (count: number, error: Error) => count < 2 && error instanceof ProblemError && error.problem.status === 0;
const client = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5_000 } } });

function Portal() {
  const [language] = useLanguage();
  return (
    <ConfigProvider theme={theme} locale={language === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App>
        <RouterProvider router={router} />
      </App>
    </ConfigProvider>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Portal />
      </QueryClientProvider>
    </StrictMode>,
  );
}
