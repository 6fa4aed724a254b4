/** Asks for the hash of a file: one is picked, hashed here and kept on the platform, or a hash is pasted. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { useFiles, useSession } from "../api/queries";
import { Problem } from "../shell/Problem";
import { keep } from "./store";

interface Given {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

export function FileField({ value, onChange, ...given }: Given) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const files = useFiles().data ?? [];
  const party = useSession().data?.party.id ?? "";
  const keeping = useMutation({
    mutationFn: (file: File) => keep(file, files, party),
    onSuccess: (kept) => {
      onChange?.(kept.sha256);
      return client.invalidateQueries({ queryKey: ["files"] });
    },
  });
  const chosen = keeping.data?.sha256 === value ? keeping.data : files.find(({ sha256 }) => sha256 === value);
  return (
    <div className="stack">
      <Input
        {...given}
        value={value ?? ""}
        onChange={(event) => onChange?.(event.target.value.trim())}
        className="mono"
        placeholder={t("files.paste")}
      />
      <input
        type="file"
        aria-label={t("files.choose")}
        disabled={keeping.isPending}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) keeping.mutate(file);
        }}
      />
      <div aria-live="polite">
        {keeping.isPending && t("files.keeping")}
        {chosen && t("files.kept", { name: chosen.name })}
        <Problem error={keeping.error} />
      </div>
    </div>
  );
}
