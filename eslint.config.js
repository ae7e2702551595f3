import tseslint from "typescript-eslint";

const ambient =
  "Time and randomness come from engine/base/clock.ts and engine/base/ids.ts, so that a test can steer them.";

/** Bans every source of time and randomness except the modules that own them. */
const ambientTimeAndRandomness = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: ambient },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: ambient },
  { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: ambient },
  { selector: "CallExpression[callee.object.name='performance'][callee.property.name='now']", message: ambient },
  { selector: "CallExpression[callee.name=/^(setTimeout|setInterval|randomUUID)$/]", message: ambient },
  { selector: "CallExpression[callee.property.name='randomUUID']", message: ambient },
];

/** Bans asynchronous work in a transaction, which would include the writes of other requests. */
const asynchronousTransactions = [
  {
    selector:
      "CallExpression[callee.property.name=/^(?:write|writeWithOthers|transaction|transactionAwaitingOthers)$/] > :function[async=true]",
    message: "A transaction is synchronous: an await in it would let the writes of other requests in.",
  },
];

/** Bans real time in tests, which freeze a clock or wait for an event. A test that measures real time says why. */
const sleeping = [
  {
    selector: "CallExpression[callee.name=/^(?:setTimeout|setInterval)$/]",
    message: "Freeze the clock and advance it, or wait for an event.",
  },
  { selector: "ImportDeclaration[source.value=/timers.promises/]", message: "Wait for an event." },
];

/** Rules that need types check only shipped code; the types of the tests would double the time. */
const typeAware = {
  files: ["src/**/*.{ts,tsx}"],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    // Off: Fastify requires async functions for plugins and handlers, also those that await nothing.
    "@typescript-eslint/require-await": "off",
    // Numbers are allowed in templates; the rule still finds values that would read as [object Object] or undefined.
    "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
  },
};

/** Bans calls that are made only for the error that they may throw: the minifier drops them, because they look pure. */
const unusedResults = [
  "ExpressionStatement > NewExpression[callee.name=/^(?:RegExp|URL|Date|TextDecoder)$/]",
  "ExpressionStatement > CallExpression[callee.name=/^(?:(?:de|en)codeURI(?:Component)?|parseInt|parseFloat|Number|String|BigInt)$/]",
].map((selector) => ({ selector, message: "Use the result: the minifier drops a call that seems to do nothing." }));

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
  { files: ["src/**/*.{ts,tsx}"], rules: { "max-params": ["error", 4] } },
  // These are small programs that print their results.
  { files: ["docker/**", "examples/**"], rules: { "no-console": "off" } },
  {
    files: ["src/**/*.{ts,tsx}"],
    // The board runs in a browser, whose own clock and timers it uses.
    ignores: ["src/engine/base/clock.ts", "src/engine/base/ids.ts", "src/board/**"],
    rules: {
      "no-restricted-syntax": ["error", ...ambientTimeAndRandomness, ...unusedResults, ...asynchronousTransactions],
    },
  },
  {
    files: ["test/**/*.test.ts"],
    rules: { "no-restricted-syntax": ["error", ...sleeping] },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/store/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "better-sqlite3", message: "Only src/store speaks SQL.", allowTypeImports: false }] },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    rules: {
      "@typescript-eslint/consistent-type-assertions": [
        "error",
        { assertionStyle: "as", objectLiteralTypeAssertions: "never" },
      ],
    },
  },
);
