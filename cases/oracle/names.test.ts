import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDomainName, isMatchPattern } from './names.ts'

test('a domain name is itself, a leading star one or more labels', () => {
  assert.equal(isDomainName('kubernetes.io', 'Kubernetes.io.'), true)
  assert.equal(isDomainName('kubernetes.io', 'www.kubernetes.io'), false)
  assert.equal(isDomainName('*.kubernetes.io', 'www.kubernetes.io'), true)
  assert.equal(isDomainName('*.kubernetes.io', 'latest.blog.kubernetes.io'), true)
  assert.equal(isDomainName('*.kubernetes.io', 'kubernetes.io'), false)
  assert.equal(isDomainName('*.kubernetes.io', 'my-kubernetes.io'), false)
})

test('a star in a matchPattern stays inside one label', () => {
  assert.equal(isMatchPattern('*.example.com', 'www.example.com'), true)
  assert.equal(isMatchPattern('*.example.com', 'a.b.example.com'), false)
  assert.equal(isMatchPattern('*.example.com', 'example.com'), false)
  assert.equal(isMatchPattern('a*.example.com', 'api.example.com'), true)
  assert.equal(isMatchPattern('a*.example.com', 'a.example.com'), true)
  assert.equal(isMatchPattern('w*w.*.com', 'www.example.com'), true)
  assert.equal(isMatchPattern('w*w.*.com', 'w.example.com'), false)
})

test('two stars in front are one or more labels, a star alone is every name', () => {
  assert.equal(isMatchPattern('**.example.com', 'a.b.example.com'), true)
  assert.equal(isMatchPattern('**.example.com', 'example.com'), false)
  assert.equal(isMatchPattern('*', 'a.b.example.com'), true)
})
