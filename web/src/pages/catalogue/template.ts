/** An example of a registration, for whoever fills one in for the first time: a city's daily counts. */
export const template = {
  fields: [
    {
      name: "date",
      type: "date",
      meaning: "日期",
      level: 1,
      release: {
        rule: "open",
      },
      nullable: true,
    },
    {
      name: "city",
      type: "text",
      meaning: "城市",
      level: 1,
      release: {
        rule: "open",
      },
      nullable: true,
    },
    {
      name: "confirmed",
      type: "integer",
      meaning: "累计确诊",
      level: 1,
      release: {
        rule: "open",
      },
      nullable: true,
    },
    {
      name: "cured",
      type: "integer",
      meaning: "累计治愈",
      level: 1,
      release: {
        rule: "open",
      },
      nullable: true,
    },
    {
      name: "dead",
      type: "integer",
      meaning: "累计死亡",
      level: 1,
      release: {
        rule: "open",
      },
      nullable: true,
    },
  ],
  source: {
    format: {
      kind: "csv",
      delimiter: ",",
      header: true,
      encoding: "utf8",
      null_markers: ["", ""],
      trim: false,
    },
    compression: "none",
    columns: [
      {
        name: "date",
        source: {
          header: "date",
        },
        column_type: "date",
        nullable: false,
        unique: false,
        check: null,
      },
      {
        name: "city",
        source: {
          header: "city",
        },
        column_type: "text",
        nullable: true,
        unique: false,
        check: null,
      },
      {
        name: "confirmed",
        source: {
          header: "confirmed",
        },
        column_type: "integer",
        nullable: false,
        unique: false,
        check: null,
      },
      {
        name: "cured",
        source: {
          header: "cured",
        },
        column_type: "integer",
        nullable: false,
        unique: false,
        check: null,
      },
      {
        name: "dead",
        source: {
          header: "dead",
        },
        column_type: "integer",
        nullable: false,
        unique: false,
        check: null,
      },
    ],
    bad_rows: "reject",
    row_id: null,
    limits: {
      rows_max: 20000000,
      bytes_max: 8589934592,
      line_bytes_max: 262144,
      quarantine_max: 10000,
    },
  },
};
