"use strict";

// Writes the pages that tools/pictures.py takes the pictures of.
const tests = require("./jest.config");

module.exports = { ...tests, testMatch: ["**/pictures/*.pages.js"] };
