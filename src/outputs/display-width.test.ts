import assert from 'node:assert/strict'
import { test } from 'node:test'
import { displayWidth, padEnd } from './display-width.ts'

const check = (text: string, expected: number): void => assert.equal(displayWidth(text), expected)

test('plain text', () => check('web-01', 6))
test('Han takes two columns', () => check('漢字', 4))
test('fullwidth forms take two', () => check('Ａ', 2))
test('halfwidth forms take one', () => check('ｱ', 1))
test('a combining accent takes none', () => check('e\u0301', 1))
test('an emoji of several code points is one sign of two', () => check('👩‍🚒', 2))
test('Hebrew takes one each', () => check('שלום', 4))
test('padding counts columns', () => assert.equal(padEnd('漢', 4), '漢  '))
