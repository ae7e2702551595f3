import tseslint from "typescript-eslint";

const ambient =
  "Time and randomness come from engine/base/clock.ts and engine/base/ids.ts, so that a test can steer them.";

/** The rules that keep one clock under everything; each ban names the module that owns the real thing. */
const ambientTimeAndRandomness = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: ambient },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: ambient },
  { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: ambient },
  { selector: "CallExpression[callee.object.name='performance'][callee.property.name='now']", message: ambient },
  { selector: "CallExpression[callee.name=/^(setTimeout|setInterval|randomUUID)$/]", message: ambient },
  { selector: "CallExpression[callee.property.name='randomUUID']", message: ambient },
];

/** What rules that know types find is sought in what is shipped; the tests' types would double the time it takes. */
const typeAware = {
  files: ["src/**/*.ts"],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    // Off: Fastify's plugins and handlers are async functions by contract, whether or not they have anything to await.
    "@typescript-eslint/require-await": "off",
    // A number in a text is what it looks like; the rule stays for what would read as [object Object] or undefined.
    "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
  },
};

export default tseslint.config(
  { ignores: ["dist/**", "coverage/**", "examples/**/node_modules/**"] },
  ...tseslint.configs.strict,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      "no-console": "error",
    },
  },
  typeAware,
  { files: ["src/**/*.ts"], rules: { "max-params": ["error", 4] } },
  // Small programs of their own, whose output is what they are for.
  { files: ["docker/**", "examples/**"], rules: { "no-console": "off" } },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/engine/base/clock.ts", "src/engine/base/ids.ts"],
    rules: { "no-restricted-syntax": ["error", ...ambientTimeAndRandomness] },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/store/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "better-sqlite3", message: "Only src/store speaks SQL.", allowTypeImports: false }] },
      ],
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-assertions": [
        "error",
        { assertionStyle: "as", objectLiteralTypeAssertions: "never" },
      ],
    },
  },
);
