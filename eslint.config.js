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
