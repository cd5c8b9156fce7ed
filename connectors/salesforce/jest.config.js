"use strict";

const { jestConfig } = require("@salesforce/sfdx-lwc-jest/config");

const TESTS = "<rootDir>/../../tests/connectors/salesforce/panel";

module.exports = {
  ...jestConfig,
  roots: ["<rootDir>/package/lwc", TESTS],
  testTimeout: 60000,
  testMatch: ["**/*.test.js"],
  setupFilesAfterEnv: [...jestConfig.setupFilesAfterEnv, `${TESTS}/setup.js`],
  moduleNameMapper: { "^lightning/navigation$": `${TESTS}/navigation.js` },
};
