"""Writes tests/filters_cases/*.json: what Jinja2 makes of templates that use its filters, tests and globals.

Run from the crate's folder with the oracle's Python. With `--fuzz COUNT SEED FOLDER` it writes random templates'
answers into FOLDER instead, which `FILTERS_CASES=FOLDER cargo test -p jinja filters` then checks.
"""

import json
import os
import random
import re
import sys

import jinja2

ENV = jinja2.Environment(undefined=jinja2.StrictUndefined)

TOPICS = {
    "text": r"""
{{ 'hello World'|upper }}{{ 'ÀÉß'|upper }}{{ 5|upper }}{{ none|lower }}{{ 'ΑΣ ΑΣΑ'|lower }}
{{ 'hELLO wORLD'|capitalize }}{{ 'ǆx'|capitalize }}{{ ''|capitalize }}{{ 'ßA'|capitalize }}
{{ "hello-world (foo) [bar] {baz} <qux> it's x_y 3rd"|title }}
{{ 'ALL CAPS\tTAB\nnew'|title }}|{{ 'ßeta éa ǆ'|title }}|{{ ''|title }}|{{ 12.5|title }}
{{ '<b>x</b>'|safe|title }}
{{ ('<b>x</b>'|safe|upper) is escaped }}{{ ('<b>'|safe|title) is escaped }}{{ ('<b>'|safe|capitalize) is escaped }}
[{{ '  a b\n'|trim }}][{{ 'xxaxbxx'|trim('x') }}][{{ 'abcba'|trim(chars='ab') }}][{{ '\u3000a\x1c'|trim }}][{{ 12|trim('1') }}]
{{ 'x'|trim(1) }}
{{ 'x'|trim('x','y') }}
[{{ 'ab'|center(7) }}][{{ 'abc'|center(8) }}][{{ 'x'|center }}][{{ 'x'|center(-5) }}][{{ 'é'|center(4) }}][{{ 5|center(width=3) }}]
{{ 'x'|center('a') }}
{{ 'x'|center(2.5) }}
{{ 'aaaa'|replace('a','b',2) }}{{ 'aaaa'|replace('a','b') }}{{ 'ab'|replace('','-') }}{{ 121|replace(1,3) }}{{ 'aaa'|replace('a','b',count=none) }}{{ 'aaa'|replace('a','b',0) }}{{ 'aaa'|replace('a','b',-3) }}
{{ 'aaa'|replace('a','b',true) }}{{ none|replace('None','x') }}{{ 'x'|replace(old='x', new='y') }}
{{ 'a'|replace('a') }}
{{ 'a'|replace }}
{{ 'a'|replace('a','b','c') }}
{{ 'a'|replace('a','b',s=1) }}
{{ 'a'|replace('a','b',nope=1) }}
{{ 'a'|replace(missing,'b') }}
{% autoescape true %}{{ '<a>'|replace('a','<b>') }}{{ '<a>'|safe|replace('a','<b>') }}{{ '<a>'|replace('a','<b>'|safe) }}{{ '<a>'|replace('<'|safe,'x') }}{% endautoescape %}
{{ 5|string + 'a' }}{{ none|string }}{{ [1,'a']|string }}{{ 'a'|safe|string is escaped }}{{ 1.0|string }}{{ true|string }}
{{ 'x'|string(1) }}
{{ 'x'|string(s=1) }}
{{ 'a b  c-d e_f g.h'|wordcount }},{{ ''|wordcount }},{{ 'é漢 ½ ² x́y'|wordcount }},{{ 12.5|wordcount }}
{{ '%s, %s!'|format('Hello', 'World') }}{{ '%(a)s %(b)03d'|format(a='x', b=5) }}{{ '%5.2f|%-5s|%+d|%x|%%'|format(3.14159,'ab',5,255) }}{{ '%s'|format([1]) }}
{{ '%s'|format }}
{{ '%d'|format('a') }}
{{ '%s'|format(1, 2) }}
{{ '%s'|format(1, a=2) }}
{{ '%(a)s'|format(b=1) }}
{{ 'abc'|format(a=1) }}{{ 'abc'|format() }}
{{ '<%s>'|safe|format('<x>') }}{{ 5|format }}
{{ 'a'|upper(1) }}
{{ missing|upper }}
{{ missing|title }}
{{ missing|trim }}
{{ missing|string }}
{{ missing|wordcount }}
{{ 'abc'|lower|upper|capitalize }}
""",
    "layout": r"""
{{ 'a\nb\n\nc'|indent }}
{{ 'a\nb\n\nc'|indent(2, true) }}
{{ 'a\nb\n\nc'|indent(2, blank=true) }}
{{ 'a\nb\n\nc\n'|indent(2, true, true) }}
{{ 'a\nb'|indent('> ') }}{{ 'a\nb'|indent(width='\t', first=true) }}{{ 'a\r\nb\x0bc\u2028d'|indent(1) }}
[{{ ''|indent }}][{{ ''|indent(first=true) }}][{{ '\n'|indent(2,true,true) }}][{{ 'a'|indent(0) }}][{{ 'a\nb'|indent(-3) }}][{{ 'a\nb'|indent(true) }}]
{{ '<a>\n<b>'|safe|indent(1) }}{{ ('<a>\n<b>'|safe|indent(1)) is escaped }}
{{ '<a>\n\n<b>'|indent('&'|safe) }}{{ ('<a>\n<b>'|indent('&'|safe)) is escaped }}
{{ '<a>\n\n<b>'|indent('&'|safe, true) }}{{ ('<a>\n<b>'|indent('&'|safe, true)) is escaped }}
{{ '<a>\n\n<b>'|indent('&'|safe, false, true) }}{{ ('<a>\n<b>'|indent('&'|safe, false, true)) is escaped }}
{{ '<a>\n\n<b>'|indent('&'|safe, true, true) }}{{ '<a>\n<b>'|safe|indent('<', true) }}
{{ 5|indent }}
{{ none|indent }}
{{ [1]|indent }}
{{ (1,)|indent }}
{{ 'x'|indent(1.5) }}
{{ 'x'|indent(none) }}
{{ missing|indent }}
{{ 'x'|indent(1,2,3,4) }}
{{ 'x'|indent(1,indentfirst=true) }}
{{ 'foo bar baz qux'|truncate(9) }}|{{ 'foo bar baz qux'|truncate(9, true) }}|{{ 'foo bar baz qux'|truncate(11) }}|{{ 'foo bar baz qux'|truncate(11, false, '...', 0) }}
{{ 'foobarbazqux'|truncate(5) }}|{{ 'foo bar baz'|truncate(3) }}|{{ 'foo bar baz'|truncate(3, leeway=0) }}|{{ 'foo bar baz'|truncate(4, true, '', leeway=0) }}
{{ 'äöü äöü äöü'|truncate(5, end='…', leeway=0) }}|{{ ('a'*300)|truncate }}|{{ ('ab '*100)|truncate }}
{{ [1,2,3]|truncate(5) }}
{{ [1,2,3]|truncate(1, false, '', 0) }}
{{ [1,2,3]|truncate(1, true, [9], 0) }}
{{ 'x'|truncate(1) }}
{{ 'x'|truncate(5, leeway=-1) }}
{{ 'x'|truncate('a') }}
{{ 'x'|truncate(5, end=5) }}
{{ 5|truncate }}
{{ missing|truncate }}
{{ 'abcdefgh'|truncate(3.5, true, '', 0) }}
{{ 'abcdefgh'|truncate(3.5, true, '', 10) }}
{{ '<b>bold text here</b>'|safe|truncate(8, false, '<', 0) }}
{{ 'The quick brown fox jumps over the lazy dog'|wordwrap(10) }}
{{ 'A verylongwordthatdoesnotfit in-between hyphen-ated-words -- dash--dash e-mail x-'|wordwrap(9) }}
{{ 'A verylongwordthatdoesnotfit in-between hyphen-ated-words'|wordwrap(9, false) }}
{{ 'A very-long-hyphenated-compound-word here'|wordwrap(9, break_on_hyphens=false) }}
{{ 'A very-long-hyphenated-compound-word here'|wordwrap(9, true, '|') }}
{{ 'a  b\tc   d'|wordwrap(3, wrapstring='|') }}
{{ 'first line\nsecond   line is longer\n\n  lead'|wordwrap(8, wrapstring='|') }}
{{ 'aaaa bbbbbbbb'|wordwrap(5, wrapstring='|') }}{{ 'aaa bbbbbbbb'|wordwrap(4, wrapstring='|') }}
{{ 'ab--cd ab---cd a--b--c --x x-- "a"--b'|wordwrap(3, wrapstring='|') }}
{{ '---- ---a a--- é-é-é ab-cd-ef 1-2-3 a-1-b'|wordwrap(2, wrapstring='|') }}
{{ 'x'|wordwrap(0) }}
{{ 'x'|wordwrap(-1) }}
{{ ''|wordwrap(0) }}
{{ 'x'|wordwrap('a') }}
{{ 'x'|wordwrap(none) }}
{{ 5|wordwrap }}
{{ 'x y'|wordwrap(1, wrapstring=5) }}
{{ '<a> <b>'|wordwrap(3, wrapstring='<br>'|safe) }}
{{ 'nbsp\u00a0here and\u2003there'|wordwrap(6, wrapstring='|') }}
{{ missing|wordwrap }}
""",
    "pprint": r"""
{{ [1,2,3]|pprint }}{{ {'b':1,'a':[1,{'x':none}]}|pprint }}{{ 'abc'|pprint }}{{ (1,)|pprint }}{{ 1.5|pprint }}{{ ''|pprint }}
{{ range(40)|list|pprint }}
{{ {'key_one': range(30)|list, 'another key': 'v'*70, 'z': {'nested': ['x'*40, 'y'*40]}}|pprint }}
{{ ('word '*40)|pprint }}
{{ ['word '*40, 'x']|pprint }}
{{ {'k': 'word '*40}|pprint }}
{{ ('line one\nline two is here\n'*8)|pprint }}
{{ ('x'*200)|pprint }}
{{ ('word '*15).encode()|pprint }}
{{ [('word '*30).encode()]|pprint }}
{{ ('a'*30, 'b'*30, ('c'*30,), 'd')|pprint }}
{{ ('a'*90,)|pprint }}
{{ {1:'a','b':2,none:3,(1,2):4, 2.5:1}|pprint }}
{{ {'b'*30: {'a'*30: 'c'*30, 'd': [1,2,3]*10}}|pprint }}
{{ [[], {}, (), [[[['x'*80]]]]]|pprint }}
{{ ["it's", 'say "hi"', 'tab\t', 'é漢', '\x00\u2028']|pprint }}
{{ ['a b\u00a0c '*12]|pprint }}
{{ {'a':{'b':{'c':{'d':['some long text here that is long']*3}}}}|pprint }}
{{ ('<b>'|safe)|pprint }}{{ [('<b> '*40)|safe]|pprint }}
{{ [{'g':1,'n':'a'},{'g':2,'n':'b'*80}]|groupby('g')|pprint }}
{{ missing|pprint }}{{ [missing]|pprint }}
{{ 'a'|pprint(true) }}
""",
    "numbers": r"""
{{ -5|abs }},{{ (-5)|abs }},{{ (-2.5)|abs }},{{ true|abs }},{{ (-10**30)|abs }},{{ (-0.0)|abs }}
{{ 'a'|abs }}
{{ none|abs }}
{{ missing|abs }}
{{ 1|abs(2) }}
{{ 1|abs(x=2) }}
{{ '42'|int }},{{ '42.9'|int }},{{ ' 7 '|int }},{{ '-1_000'|int }},{{ 'abc'|int }},{{ 'abc'|int(9) }},{{ 'abc'|int(default='x') }},{{ ''|int }},{{ none|int }},{{ [1]|int(3) }},{{ true|int }},{{ 3.99|int }},{{ -3.99|int }},{{ '1e3'|int }},{{ 'inf'|int }},{{ 'nan'|int(5) }}
{{ '0x1A'|int(base=16) }},{{ '0x1A'|int(0,0) }},{{ '1A'|int(0,16) }},{{ '0b11'|int(0,2) }},{{ '0o17'|int(0,8) }},{{ '0x1A'|int }},{{ 'zz'|int(0,36) }},{{ '1'|int(7,1) }},{{ '1'|int(7,37) }},{{ '12'|int(7,'a') }},{{ '010'|int(7,0) }},{{ '0_1'|int }},{{ '1__1'|int(2) }},{{ '٣٤'|int }},{{ '+5'|int }},{{ '- 5'|int }},{{ '12'|int(0,3) }},{{ '1.5'|int(0,16) }}
{{ (10**40)|int }},{{ '1'*50|int }},{{ 1e30|int }},{{ '1e30'|int }},{{ b|default('12'.encode())|int }},{{ ('9'*5000)|int }}
{{ (1e308*10)|int }}
{{ (1e308*10-1e308*10)|int(4) }}
{{ missing|int }}
{{ '1.5'|float }},{{ ' -2e3 '|float }},{{ '1_0.5'|float }},{{ 'x'|float }},{{ 'x'|float(2) }},{{ 'x'|float(default=none) }},{{ 'inf'|float }},{{ '-Infinity'|float }},{{ 'nan'|float }},{{ true|float }},{{ 5|float }},{{ none|float }},{{ '١.٥'|float }},{{ '1e400'|float }},{{ '.5'|float }},{{ '5.'|float }},{{ '1e'|float }},{{ '0x1'|float }},{{ '1_.5'|float }}
{{ (10**400)|float }}
{{ missing|float }}
{{ 42.55|round }},{{ 42.55|round(1,'floor') }},{{ 2.5|round }},{{ 3.5|round }},{{ -2.5|round }},{{ 2.675|round(2) }},{{ 5|round }},{{ 15|round(-1) }},{{ 25|round(-1) }},{{ 1250.0|round(-2) }},{{ 1350|round(-2) }},{{ true|round }},{{ 0.5|round(none) }},{{ 1.5|round(none) }},{{ 7|round(none) }},{{ -0.4|round }},{{ 1e300|round(5) }},{{ 1.15|round(1) }},{{ 12345.678|round(-5) }},{{ 12345|round(-50) }},{{ 5.5|round(400) }},{{ 5.5|round(-400) }},{{ (10**30+5)|round(-1) }}
{{ 2.1|round(0,'ceil') }},{{ -2.1|round(0,'ceil') }},{{ 2.15|round(1,'ceil') }},{{ 1234|round(-2,'floor') }},{{ 1234|round(-2,'ceil') }},{{ 5|round(2,'floor') }},{{ true|round(method='ceil') }},{{ 3.7|round(method='floor') }},{{ 0.1|round(20,'ceil') }}
{{ 1.7e308|round(-308) }}
{{ 'a'|round }}
{{ missing|round }}
{{ 'a'|round(method='ceil') }}
{{ [1]|round(0,'floor') }}
{{ 1.5|round('a') }}
{{ 1.5|round(1.0) }}
{{ 1|round(method='bad') }}
{{ 1|round(method=[]) }}
{{ (1e308*10)|round(0,'ceil') }}
{{ (1e308*10-1e308*10)|round(0,'floor') }}
{{ (1e308*10)|round(none) }}
{{ 1|filesizeformat }},{{ 0|filesizeformat }},{{ 100|filesizeformat }},{{ 1000|filesizeformat }},{{ 1000000|filesizeformat }},{{ 1500000|filesizeformat }},{{ 1e12|filesizeformat }},{{ 1e24|filesizeformat }},{{ 1e27|filesizeformat }},{{ 1e30|filesizeformat }},{{ 999.9|filesizeformat }},{{ 999999|filesizeformat }},{{ -5|filesizeformat }},{{ '300'|filesizeformat }},{{ '1.5'|filesizeformat }},{{ true|filesizeformat }},{{ (10**24)|filesizeformat }},{{ (1e308*10)|filesizeformat }},{{ 'nan'|filesizeformat }}
{{ 1|filesizeformat(true) }},{{ 1024|filesizeformat(true) }},{{ 1023|filesizeformat(binary=true) }},{{ (1024**2)|filesizeformat(true) }},{{ (1024**8)|filesizeformat(true) }},{{ (1024**9)|filesizeformat(true) }},{{ 1048575|filesizeformat(true) }}
{{ 'abc'|filesizeformat }}
{{ none|filesizeformat }}
{{ missing|filesizeformat }}
{{ [1,2,3]|sum }},{{ []|sum }},{{ [1.5,2]|sum(start=10) }},{{ [{'a':1},{'a':2}]|sum('a') }},{{ [{'a':{'b':1}},{'a':{'b':2}}]|sum(attribute='a.b') }},{{ [[1],[2]]|sum(start=[]) }},{{ [(1,2),(3,4)]|sum(attribute=1) }},{{ [true,true]|sum }},{{ ([0.1]*10)|sum }},{{ range(5)|sum }},{{ {1:'a',2:0}|sum }}
{{ ['a']|sum }}
{{ ['a']|sum(start='') }}
{{ [1]|sum(start='a'.encode()) }}
{{ 5|sum }}
{{ [{'a':1}]|sum('b') }}
{{ missing|sum }}
{{ [1, missing]|sum }}
""",
    "sequences": r"""
{{ 'abc'|length }},{{ [1,2]|count }},{{ {}|length }},{{ (1,)|length }},{{ range(10)|length }},{{ 'é漢'|length }},{{ {'a':1}.items()|length }}
{{ 5|length }}
{{ none|count }}
{{ missing|length }}
{{ [1]|length(1) }}
{{ [1]|map('upper')|length }}
{{ 'abc'|list }},{{ {'a':1,'b':2}|list }},{{ (1,2)|list }},{{ range(3)|list }},{{ ''|list }},{{ {'a':1}.items()|list }}
{{ 5|list }}
{{ missing|list }}
{{ 'x'|list(1) }}
{{ [1,2,3]|first }},{{ 'abc'|first }},{{ {'a':1}|first }},{{ range(5,9)|first }},{{ [1,2]|map('string')|first }}
{{ []|first }}
{{ []|first is defined }}{{ ''|first|default('x') }}{{ []|last|default('y') }}{{ []|max|default('z') }}{{ []|random|default('r') }}
{{ 5|first }}
{{ missing|first }}
{{ [1,2,3]|last }},{{ 'abc'|last }},{{ {'a':1,'b':2}|last }},{{ range(5,9)|last }},{{ (1,2)|last }},{{ {'a':1}.values()|last }},{{ {'a':1}.items()|last }},{{ {'a':1}.keys()|last }}
{{ []|last }}
{{ []|random }}
{{ 5|random }}
{{ 5|last }}
{{ [1]|map('upper')|last }}
{{ missing|last }}
{{ 'abc'|reverse }},{{ [1,2,3]|reverse|list }},{{ (1,2)|reverse|list }},{{ {'a':1,'b':2}|reverse|list }},{{ range(4)|reverse|list }},{{ ['a','b']|map('upper')|reverse }},{{ '<é'|safe|reverse }},{{ ('<'|safe|reverse) is escaped }},{{ {'a':1,'b':2}.items()|reverse|list }},{{ {'a':1,'b':2}.values()|reverse|list }}
{{ 5|reverse }}
{{ none|reverse }}
{{ missing|reverse }}
{{ [1,2,3]|join }},{{ [1,2,3]|join('-') }},{{ 'abc'|join('.') }},{{ [1,none,true,1.5,[2]]|join('|') }},{{ [{'n':'a'},{'n':'b'}]|join(', ', 'n') }},{{ [{'n':{'m':1}}]|join(attribute='n.m') }},{{ [1,2]|join(3) }},{{ [[1,2],[3,4]]|join('-', attribute=0) }},{{ []|join('x') }},{{ {'a':1,'b':2}|join(',') }},{{ ['<a>'|safe,'<b>']|join('&') }},{{ [1,2]|join(d='/') }},{{ [1,2]|join(none) }}
{% autoescape true %}{{ ['<a>','<b>'|safe]|join('&') }}{{ ['<a>','<b>']|join('&') }}{{ ['<a>','<b>']|join('&'|safe) }}{{ [1,'<']|join('<'|safe) }}{% endautoescape %}
{{ [1,missing]|join }}
{{ 5|join }}
{{ missing|join }}
{{ 5|join(attribute='a') }}
{{ [{'a':1}]|join(attribute='b') }}
{{ 'x'|join(1,2,3) }}
{{ [1,2,3,4,5]|batch(2)|list }},{{ [1,2,3]|batch(2,'x')|list }},{{ 'abcd'|batch(3,0)|list }},{{ []|batch(2,1)|list }},{{ [1,2]|batch(5,none)|list }},{{ [1,2,3]|batch(0)|list }},{{ [1,2,3]|batch(-1,'x')|list }},{{ [1,2,3]|batch(2.0)|list }},{{ [1,2]|batch('a')|list }}
{{ [1,2,3]|batch('a','x')|list }}
{{ [1,2,3]|batch(2.0,'x')|list }}
{{ [1,2]|batch }}
{{ 5|batch(2)|list }}
{{ [1,2,3,4,5]|slice(2)|list }},{{ [1,2,3,4,5]|slice(3,'x')|list }},{{ [1,2,3,4]|slice(2,'x')|list }},{{ []|slice(2)|list }},{{ []|slice(2,0)|list }},{{ [1,2]|slice(4)|list }},{{ [1,2]|slice(-2)|list }},{{ 'abcdefg'|slice(slices=3)|list }},{{ [1,2,3]|slice(true)|list }}
{{ [1,2]|slice(0)|list }}
{{ [1,2]|slice(2.0)|list }}
{{ [1,2]|slice('a')|list }}
{{ [1,2]|slice(none)|list }}
{{ 'x'|slice }}
{{ 5|slice(2)|list }}
{% for c in range(7)|slice(3) %}[{{ c|join(',') }}]{% endfor %}{% for r in range(7)|batch(3, '-') %}({{ r|join(' ') }}){% endfor %}
{{ {'b':1,'a':2}|items|list }},{{ {}|items|list }},{{ missing|items|list }}
{{ 5|items|list }}
{{ [1]|items|list }}
{% for k, v in {'b':1,'a':2}|items %}{{ k }}={{ v }};{% endfor %}
{% set g = [1,2,3]|select %}{{ g|first }}{{ g|list }}{{ g|list }}
{% set g = [1,2,3]|map('string') %}{% for x in g %}{{ x }}{% endfor %}{{ g|list }}{{ g|join }}
{{ missing|default('d') }},{{ none|default('d') }},{{ none|default('d', true) }},{{ ''|d('e', boolean=true) }},{{ 0|d(5) }},{{ 0|d(5,1) }},{{ missing|default }},{{ {}.a|default('x') }},{{ missing|default(default_value=none) }}
{{ missing.x|default('d') }}
{{ 1|default(2, missing) }}
{{ missing|default(1,2,3) }}
{{ {'items': 5}|attr('items') is callable }},{{ 'abc'|attr('upper') is callable }},{{ namespace(a=1)|attr('a') }}
{{ {'a':1}|attr('a') }}
{{ 'x'|attr('nope') }}
{{ 'x'|attr('nope') is defined }}{{ {'a':1}|attr('a')|default('none') }}
{{ 'x'|attr(3) }}
{{ 'x'|attr }}
{{ missing|attr('a') }}
""",
    "order": r"""
{{ [3,1,2]|sort }},{{ ['b','A','c']|sort }},{{ ['b','A','c']|sort(case_sensitive=true) }},{{ [3,1,2]|sort(true) }},{{ 'hello'|sort }},{{ {'b':1,'a':2}|sort }},{{ [[2,1],[1,2]]|sort }},{{ [true,0,2.5]|sort }},{{ []|sort }},{{ ['a','A','b','B']|sort(reverse=true) }}
{{ [{'n':'b','v':1},{'n':'A','v':2}]|sort(attribute='n')|map(attribute='v')|list }},{{ [{'a':1,'b':2},{'a':1,'b':1},{'a':0,'b':9}]|sort(attribute='a,b')|list }},{{ [(2,'x'),(1,'y')]|sort(attribute=0) }},{{ [{'a':{'b':2}},{'a':{'b':1}}]|sort(attribute='a.b')|list }},{{ [[1,'b'],[0,'c']]|sort(attribute='1') }}
{{ [1,'a']|sort }}
{{ ['a',1]|sort }}
{{ [1,2,3,none]|sort }}
{{ [{},{}]|sort }}
{{ [3,2,1,'x',0]|sort }}
{{ [1,none,'a']|sort(true) }}
{{ [{'a':1},{'b':1}]|sort(attribute='a') }}
{{ [{'a':1},{}]|sort(attribute='b') }}
{{ [1]|sort(reverse='a') }}
{{ [1]|sort(reverse=none) }}
{{ 5|sort }}
{{ missing|sort }}
{{ [missing, 1]|sort }}
{{ 'x'|sort(1,2,3,4) }}
{{ [{'g':2,'n':1},{'g':1,'n':2}]|groupby('g')|sort(reverse=true) }}
{{ [1]|sort(attribute='²') }}
{{ {'b':1,'A':3,'c':2}|dictsort }},{{ {'b':1,'A':3,'c':2}|dictsort(true) }},{{ {'b':1,'A':3,'c':2}|dictsort(by='value') }},{{ {'b':1,'A':3}|dictsort(reverse=true) }},{{ {'a':'B','b':'a'}|dictsort(false,'value') }},{{ {}|dictsort }},{{ {2:1,1:2}|dictsort }}
{{ {'a':1}|dictsort(by='x') }}
{{ [1]|dictsort }}
{{ missing|dictsort }}
{{ {1:1,'a':2}|dictsort }}
{% for k, v in {'b':1,'a':2}|dictsort %}{{ k }}{{ v }}{% endfor %}
{{ [3,1,2]|min }},{{ [3,1,2]|max }},{{ ['b','A']|min }},{{ ['b','A','a']|max }},{{ ['b','A']|min(true) }},{{ ['b','A']|max(case_sensitive=true) }},{{ [{'a':2},{'a':1}]|min(attribute='a') }},{{ [{'a':2},{'a':3,'b':1},{'a':3}]|max(attribute='a') }},{{ 'hello'|max }},{{ {'a':1,'b':0}|min }},{{ [1,1.0,true]|max }},{{ [1.0,1]|min }}
{{ []|min }}
{{ []|max }}
{{ [1,'a']|min }}
{{ [1,'a']|max }}
{{ 5|max }}
{{ [none]|max }},{{ [[1],[0,5]]|max }}
{{ [1,missing]|max }}
{{ missing|min }}
{{ [1,2,1,'a','A',1.0,true]|unique|list }},{{ ['a','A']|unique(true)|list }},{{ [{'a':1,'b':1},{'a':1,'b':2}]|unique(attribute='a')|list }},{{ 'hello'|unique|join }},{{ []|unique|list }},{{ ['foo','FOO','bar']|unique(case_sensitive=false)|list }}
{{ [[1],[1]]|unique|list }}
{{ [1,[2]]|unique|first }}
{{ 5|unique|list }}
{{ [missing]|unique|list }}
{{ [{'c':'x','n':1},{'c':'Y','n':2},{'c':'X','n':3}]|groupby('c') }}
{{ [{'c':'x','n':1},{'c':'Y','n':2},{'c':'X','n':3}]|groupby('c', case_sensitive=true) }}
{{ [{'c':'x','n':1},{'n':2}]|groupby('c', default='zz') }}
{{ [{'c':{'d':2}},{'c':{'d':1}}]|groupby('c.d')|map(attribute='grouper')|list }}
{% for g, items in [{'c':1,'n':'a'},{'c':1,'n':'b'},{'c':0,'n':'c'}]|groupby('c') %}{{ g }}:{{ items|map(attribute='n')|join(',') }};{% endfor %}
{% for g in [(1,'a'),(1,'b')]|groupby(0) %}{{ g.grouper }}{{ g.list }}{{ g[0] }}{{ g[-1] }}{{ g|length }}{{ g }}{{ g == (1,[(1,'a'),(1,'b')]) }}{{ g is sequence }}{{ g is iterable }}{{ g is mapping }}{{ g|first }}{{ g|last }}{{ g|list }}{{ g|tojson }}{% endfor %}
{{ ([{'c':1}]|groupby('c'))[0].nope }}
{{ [{'c':1},{}]|groupby('c') }}
{{ [{'c':1},{'c':'a'}]|groupby('c') }}
{{ [{'c':1}]|groupby }}
{{ 5|groupby('c') }}
{{ [{'c':none}]|groupby('c') }}{{ []|groupby('x') }}{{ ['ab','ac','b']|groupby(0) }}{{ [{'a':none}]|groupby('a', default=1) }}
""",
    "select": r"""
{{ ['a','b']|map('upper')|list }},{{ [1,2]|map('string')|join('-') }},{{ [{'a':1},{'a':2}]|map(attribute='a')|list }},{{ [{'a':1},{}]|map(attribute='a', default='x')|list }},{{ [{'a':{'b':1}},{'a':{}}]|map(attribute='a.b', default=0)|list }},{{ [[1,2],[3]]|map(attribute=0)|list }},{{ [[1,2],[3,4]]|map('join','-')|list }},{{ ['1','x']|map('int', default=9)|list }},{{ []|map|list }},{{ ''|map('nope')|list }},{{ ['a b','c']|map('replace',' ','_')|list }},{{ {'a':1}|map('upper')|list }},{{ [[3,1],[2]]|map('sort')|list }},{{ [[1,2],[3]]|map(attribute='0')|list }},{{ ['ab','c']|map('length')|sum }},{{ [1,2]|map('e')|list }},{{ [{'a':none}]|map(attribute='a',default=5)|list }}
{{ [1]|map|list }}
{{ [1]|map('foo')|list }}
{{ [1]|map(foo)|list }}
{{ [1]|map(5)|list }}
{{ [1]|map([])|list }}
{{ [1]|map(attribute='a', x=1)|list }}
{{ [1]|map(attribute='a')|list }}
{{ [1]|map(attribute='a')|map('default','d')|list }}
{{ 5|map('upper')|list }}
{{ missing|map('upper')|list }}
{{ [1,'a',none]|map('abs')|list }}
{{ [-1,'a']|map('abs')|first }}
{{ [1]|map('upper', value=1)|list }}
{{ [1]|map('round', 1, 2, 3)|list }}
{{ [0,1,2,'',none,'a']|select|list }},{{ [0,1,2,'']|reject|list }},{{ [1,2,3]|select('odd')|list }},{{ [1,2,3]|reject('odd')|list }},{{ [1,2,3]|select('gt',1)|list }},{{ [1,2,3]|select('>',1)|list }},{{ [1,2,3,4]|select('divisibleby', num=2)|list }},{{ ['a',1,none]|select('string')|list }},{{ [1,2]|select('in',[2,3])|list }},{{ ['a','b']|reject('equalto','a')|list }},{{ {'a':1}|select|list }},{{ [1,missing]|select('defined')|list }}
{{ [1]|select('foo')|list }}
{{ [1]|select('odd',1)|list }}
{{ [1,'a']|select('odd')|list }}
{{ [1,'a']|select('odd')|first }}
{{ [1]|select(foo)|list }}
{{ [1]|reject(none)|list }}
{{ 5|select|list }}
{{ [missing]|select|list }}
{{ [{'a':1,'n':'x'},{'a':0,'n':'y'}]|selectattr('a')|map(attribute='n')|list }},{{ [{'a':1,'n':'x'},{'a':0,'n':'y'}]|rejectattr('a')|map(attribute='n')|list }},{{ [{'a':1},{'a':2}]|selectattr('a','gt',1)|list }},{{ [{'a':1},{'a':none}]|selectattr('a','none')|list }},{{ [{'a':1},{}]|selectattr('a','defined')|list }},{{ [{'a':1},{}]|rejectattr('a','undefined')|list }},{{ [{'a':{'b':1}},{'a':{'b':2}}]|selectattr('a.b','eq',2)|list }},{{ [[1,2],[0,3]]|selectattr(0)|list }},{{ [{'a':'x'},{'a':'y'}]|rejectattr('a','in',['x'])|list }}
{{ [{'a':1},{}]|selectattr('a')|list }}
{{ [1]|selectattr|list }}
{{ []|selectattr|list }}{{ []|rejectattr|list }}
{{ [{'a':1}]|rejectattr('a','nope')|list }}
{{ [1]|select('odd', value=1)|list }}
{{ [1]|map('upper', context=1)|list }}
""",
    "markup": r"""
{{ '<a href="x">\'&</a>'|e }},{{ '<a>'|safe|e }},{{ 5|escape }},{{ none|e }},{{ ['<']|e }},{{ '<'|e|e }}
{{ 'x'|e(1) }}
{{ 'x'|escape(s=1) }}
{{ missing|e }}
{{ '<a>'|forceescape }},{{ '<a>'|safe|forceescape }},{{ '<'|e|forceescape }},{{ 5|forceescape }},{{ ('<'|forceescape) is escaped }}
{{ '<a>'|safe }},{{ 5|safe is escaped }},{{ ('<'|safe) + '<' }},{{ '<' + ('<'|safe) }},{{ ('<'|safe) ~ '<' }},{{ ('<%s>'|safe) % '<' }}
{{ missing|safe }}
{{ '<p>Hello   <b>World</b></p>'|striptags }},{{ 'a<!-- <b> -->b'|striptags }},{{ 'a < b > c'|striptags }},{{ 'x &amp; &lt;y&gt; &#39;q&#x27; &nbsp;&eacute;&copy'|striptags }},{{ '<unclosed'|striptags }},{{ 'a<b'|striptags }},{{ 'a<!--b'|striptags }},{{ '<a>x<b'|striptags }},{{ '&notit; &notin; &#0; &#128; &#x110000; &#55296; &#1; &bogus; &'|striptags }},{{ 5|striptags }},{{ '<p>\n\n x \t y</p>\n'|striptags }},{{ '<i>a</i>'|safe|striptags }},{{ '<!-->a-->b'|striptags }}
{{ '&amp;lt; &ampx &AMP &hearts; &NotEqualTilde; &#xZ; &#; &#99999999999; &abc;&lt'|striptags }}
{{ missing|striptags }}
[{{ {'class':'my "list"','missing':none,'id':'x-%d'|format(5),'u':missing}|xmlattr }}][{{ {}|xmlattr }}][{{ {'a':1}|xmlattr(false) }}][{{ {'a':none}|xmlattr }}][{{ {'a<':'<'|safe,'b&':true}|xmlattr(autospace=true) }}]
{{ {'a b':1}|xmlattr }}
{{ {'a/b':1}|xmlattr }}
{{ {'a>b':1}|xmlattr }}
{{ {'a=b':1}|xmlattr }}
{{ {1:1}|xmlattr }}
{{ {'x':none, 'a\tb':none}|xmlattr }}
{{ [1]|xmlattr }}
{{ missing|xmlattr }}
{% autoescape true %}{{ {'a':'<'}|xmlattr }}{{ 'www.x.com <'|urlize }}{% endautoescape %}
{{ 'a b/c?d=é&e'|urlencode }},{{ {'a b':'c/d','e':1}|urlencode }},{{ [('x','y z'),('é',none)]|urlencode }},{{ 5|urlencode }},{{ none|urlencode }},{{ 'a~b_c.d-e+f%g'|urlencode }},{{ {}|urlencode }},{{ ''|urlencode }},{{ '漢'|urlencode }},{{ 1.5|urlencode }},{{ ['ab','cd']|urlencode }},{{ {'k':'v'.encode()}|urlencode }},{{ '<x>'|safe|urlencode }},{{ "!*'();:@&=+$,/?#[]"|urlencode }},{{ {'q':"!*'();:@&=+$,/?#[]"}|urlencode }}
{{ [1]|urlencode }}
{{ ['a']|urlencode }}
{{ ['abc']|urlencode }}
{{ 'ab'.encode()|urlencode }}
{{ missing|urlencode }}
{{ {'a':missing}|urlencode }}
{{ {'b':[1,2.5,none,true],'a':"<'&>\"é\u2028"}|tojson }},{{ 'x'|tojson }},{{ [1,(2,3)]|tojson }},{{ ('a'|tojson) is escaped }},{{ none|tojson }},{{ 1e100|tojson }},{{ {}|tojson }},{{ (10**30)|tojson }}
{{ {'b':[1,{'c':2}],'a':[]}|tojson(indent=2) }}{{ [1,2]|tojson(0) }}{{ {'a':1}|tojson('\t') }}{{ {'a':{}}|tojson(indent=true) }}
{{ {1:2,'a':3}|tojson }}
{{ missing|tojson }}
{{ [missing]|tojson }}
{{ range(3)|tojson }}
{{ [1]|map('upper')|tojson }}
{{ {(1,2):3}|tojson }}
{{ {none:1}|tojson }}{{ {true:1}|tojson }}{{ {1.5:1}|tojson }}{{ {2:1,10:2}|tojson }}
{{ 'x'|tojson(1,2) }}
{{ [1]|tojson(1.5) }}
{{ (1e308*10)|tojson }}{{ (-1e308*10)|tojson }}
""",
    "urlize": r"""
{{ 'see http://example.com/path?a=b&c=d#f for more'|urlize }}
{{ 'www.example.com. (www.foo.org) <http://x.net/> "https://q.io"'|urlize }}
{{ 'foo.com bar.dev baz.org, x.info/path mail@example.com mailto:a@b.co a@b @x@y.z'|urlize }}
{{ 'http://en.wikipedia.org/wiki/Foo_(bar) (http://en.wikipedia.org/wiki/Foo_(bar))'|urlize }}
{{ 'http://example.com/a/very/long/path/to/something'|urlize(20) }}
{{ 'http://example.com/a/very/long/path'|urlize(-5) }}{{ 'http://a.com'|urlize(0) }}{{ 'http://a.com'|urlize(100) }}
{{ 'http://example.com'|urlize(nofollow=true) }}{{ 'http://example.com'|urlize(target='_blank"') }}{{ 'http://example.com'|urlize(rel='a b noopener') }}{{ 'http://example.com'|urlize(10, true, '_top', 'me') }}
{{ 'ftp://x.com tel:123 git:foo http://a.com'|urlize(extra_schemes=['ftp://','tel:','git:']) }}
{{ 'ftp:// tel:'|urlize(extra_schemes=['ftp://','tel:']) }}
{{ 'x'|urlize(extra_schemes=['a:']) }}
{{ 'x'|urlize(extra_schemes=['bad']) }}
{{ 'x'|urlize(extra_schemes=[1]) }}
{{ 'x'|urlize(extra_schemes=5) }}
{{ 'http://127.0.0.1:8000/x http://[::1]/ http://[1:2:3:4:5:6:7:8]:80 http://999.1.1.1 http://1.2.3 https://localhost http://localhost:8000'|urlize }}
{{ 'HTTP://EXAMPLE.COM www.EXAMPLE.com Foo.Com'|urlize }}
{{ 'http://exa%20mple.com/ http://münchen.de www.xn--mnchen-3ya.de http://a.xn--p1ai/x'|urlize }}
{{ 'a\nhttp://x.com\n\thttp://y.com,\r\nfoo.com)'|urlize }}
{{ '((http://x.com)) http://x.com/(a http://x.com/(a)) <<foo.com>> (a@b.co).'|urlize }}
{{ '&lt;foo.com&gt; http://x.com/&gt; http://x.com/?a=<b>'|urlize }}
{{ '<b>http://x.com</b>'|safe|urlize }}{{ 5|urlize }}{{ ''|urlize }}{{ '   '|urlize }}
{{ 'http://x.com:123456 http://x.com:80/ x.com:80 x.com?y x.com#z x.com;y user@x.com:80'|urlize }}
{{ 'a.b@c.d-e.f mailto:a@b mailto:x@y.zz. mailto:x@y.zz?cc=a a@-b.c a@b.c- é@ü.ö'|urlize }}
{{ missing|urlize }}
{{ 'http://x.com'|urlize('a') }}
{{ 'x'|urlize(rel=5) }}
{{ 'www. www.a www..com www.a.b.c.d-e.com/ .com a..com -a.com a_b.com %41.com'|urlize }}
""",
    "tests": r"""
{{ 1 is odd }}{{ 2 is odd }}{{ 2 is even }}{{ -1 is odd }}{{ 2.0 is even }}{{ 1.5 is odd }}{{ true is odd }}{{ 9 is divisibleby 3 }}{{ 10 is divisibleby(3) }}{{ 10 is divisibleby(num=5) }}
{{ 'a' is odd }}
{{ none is even }}
{{ missing is odd }}
{{ 'a%d' is odd }}{{ 'x%s' is even }}
{{ 1 is divisibleby 0 }}
{{ 1 is divisibleby }}
{{ 1 is divisibleby('a') }}
{{ x is defined }}{{ 1 is defined }}{{ none is defined }}{{ x is undefined }}{{ {}.a is defined }}{{ [].x is undefined }}{{ x is not defined }}
{{ x.y is defined }}
{{ 'upper' is filter }}{{ 'nope' is filter }}{{ 'odd' is test }}{{ 'nope' is test }}{{ '==' is test }}{{ 5 is filter }}{{ none is test }}{{ 'e' is filter }}{{ 'd' is filter }}{{ 'count' is filter }}{{ 'items' is filter }}{{ 'mod' is test }}{{ 'lessthan' is test }}
{{ [] is filter }}
{{ missing is filter }}
{{ none is none }}{{ 0 is none }}{{ missing is none }}{{ true is boolean }}{{ 0 is boolean }}{{ false is false }}{{ 0 is false }}{{ true is true }}{{ 1 is true }}{{ 1 is integer }}{{ true is integer }}{{ 1.0 is integer }}{{ (10**30) is integer }}{{ 1.0 is float }}{{ 1 is float }}{{ missing is integer }}{{ missing is true }}{{ none is not none }}
{{ 'abc' is lower }}{{ 'aBc' is lower }}{{ 'ABC' is upper }}{{ 'A1' is upper }}{{ '1' is upper }}{{ '' is lower }}{{ 5 is lower }}{{ none is lower }}{{ 'é' is lower }}{{ true is upper }}
{{ missing is lower }}
{{ 'a' is string }}{{ 1 is string }}{{ ('a'|safe) is string }}{{ 'a'.encode() is string }}{{ {} is mapping }}{{ [] is mapping }}{{ dict(a=1) is mapping }}{{ 1 is number }}{{ 1.5 is number }}{{ true is number }}{{ 'a' is number }}{{ none is number }}{{ namespace() is mapping }}
{{ [] is sequence }}{{ 'a' is sequence }}{{ {} is sequence }}{{ () is sequence }}{{ 5 is sequence }}{{ range(3) is sequence }}{{ [1]|map('e') is sequence }}{{ {}.keys() is sequence }}{{ missing is sequence }}{{ 'a'.encode() is sequence }}{{ range is sequence }}
{{ [] is iterable }}{{ 'a' is iterable }}{{ {} is iterable }}{{ 5 is iterable }}{{ none is iterable }}{{ range(3) is iterable }}{{ [1]|map('e') is iterable }}{{ {}.items() is iterable }}{{ cycler(1) is iterable }}{{ range is iterable }}{{ 1.5 is iterable }}
{{ missing is iterable }}
{{ range is callable }}{{ 5 is callable }}{{ 'a'.upper is callable }}{{ missing is callable }}{{ joiner() is callable }}{{ cycler(1) is callable }}{{ cycler(1).next is callable }}{{ dict is callable }}{{ namespace() is callable }}{{ lipsum is callable }}{{ [] is callable }}
{{ 1 is callable(1) }}
{{ none is sameas none }}{{ true is sameas true }}{{ [] is sameas [] }}{{ 1 is sameas true }}{% set a = [1] %}{% set b = a %}{{ a is sameas b }}{{ a is sameas [1] }}{{ 'a' is sameas none }}
{{ 1 is sameas }}
{{ ('a'|safe) is escaped }}{{ 'a' is escaped }}{{ 1 is escaped }}{{ ('a'|e) is escaped }}
{{ 1 is in [1,2] }}{{ 'a' is in 'abc' }}{{ 'x' is in {'x':1} }}{{ 5 is in range(3) }}{{ 2 is in range(3) }}{{ 1.0 is in range(3) }}{{ 'a' is in range(3) }}{{ true is in [1] }}{{ 'a' is not in 'abc' }}{{ none is in [none] }}
{{ 1 is in 5 }}
{{ 1 is in 'abc' }}
{{ [] is in {} }}
{{ 1 is in missing }}
{{ 1 is eq 1 }}{{ 1 is equalto 1.0 }}{{ 'a' is ne 'b' }}{{ 1 is eq true }}{{ [1] is eq [1] }}{{ 1 is lt 2 }}{{ 1 is le 1 }}{{ 2 is gt 1 }}{{ 2 is ge 3 }}{{ 1 is lessthan 2 }}{{ 1 is greaterthan 2 }}{{ 'a' is lt 'b' }}{{ 1 is eq('1') }}{{ (1,2) is lt((1,3)) }}{{ 1 is ne none }}
{{ 1 is lt 'a' }}
{{ none is ge none }}
{{ missing is eq 1 }}
{{ 1 is ne missing }}
{{ 1 is eq }}
{{ 1 is eq(1,2) }}
{{ 1 is gt(b=1) }}
{{ 1 is odd(1) }}
{{ 1 is defined(1) }}
{{ 1 is nosuchtest }}
{{ 1|nosuchfilter }}
""",
    "globals": r"""
{{ range(3) }}{{ range(1,5) }}{{ range(0,10,3) }}{{ range(5,0,-2)|list }}{{ range(0) }}{{ range(3)|list }}{{ range(-3)|list }}{{ range(true)|list }}
{{ range(10)[2] }}{{ range(10)[-1] }}{{ range(10)[2:5] }}{{ range(10)[::-1] }}{{ range(10)[::3]|list }}{{ range(0,20,2)[1:-1:2] }}{{ range(5)[10:] }}{{ range(5)[-3:] }}{{ range(5,0,-1)[1:3] }}{{ range(5)[:-10] }}{{ range(5)[3:1] }}
{{ range(3)[5] }}
{{ range(3)['a'] }}
{{ range(3)[5] is defined }}{{ range(3).start }}{{ range(1,9,2).stop }}{{ range(1,9,2).step }}{{ range(1,9,2)|length }}{{ range(9,1,-3)|length }}
{{ range(3) == range(0,3) }}{{ range(0) == range(5,5) }}{{ range(0,3,2) == range(0,4,2) }}{{ range(3) == [0,1,2] }}{{ range(3) != range(4) }}{{ range(3)|list == [0,1,2] }}
{{ range(3).index(2) }}{{ range(3).count(1) }}{{ range(3).count('a') }}{{ range(0,10,5).index(5) }}{{ range(3).index(true) }}
{{ range(3).index(7) }}
{{ range(3).index('a') }}
{{ range(3).count() }}
{{ range(3).count(1,2) }}
{{ 3 in range(5) }}{{ 7 in range(5) }}{{ 3 in range(0,10,2) }}{{ 4 in range(0,10,2) }}{{ -1 in range(5) }}{{ 4 in range(10,0,-2) }}{{ 2.0 in range(3) }}{{ 2.5 in range(3) }}{{ none in range(3) }}
{{ range() }}
{{ range(1,2,3,4) }}
{{ range('a') }}
{{ range(1.5) }}
{{ range(1,2,0) }}
{{ range(a=1) }}
{{ range(missing) }}
{{ range(3) < range(4) }}
{{ range(3) + range(4) }}
{{ range(3).x }}
{{ range(3)() }}
{{ range }}{{ dict }}{{ cycler }}{{ joiner }}{{ namespace }}{{ range == range }}{{ range == dict }}
{{ dict() }}{{ dict(a=1,b=2) }}{{ dict({'a':1}) }}{{ dict({'a':1},a=2,c=3) }}{{ dict([('a',1),['b',2]]) }}{{ dict(['ab','cd']) }}{{ dict([(1,2)],**{'x':5}) }}{{ dict.fromkeys('ab') }}{{ dict.fromkeys([1,2],0) }}{{ dict({'a':1}.items()) }}
{{ dict(1) }}
{{ dict(1,2) }}
{{ dict([1]) }}
{{ dict([[1]]) }}
{{ dict([[1,2,3]]) }}
{{ dict([[[],1]]) }}
{{ dict('abc') }}
{{ dict(none) }}
{{ dict(missing) }}
{% set c = cycler('a','b','c') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.current }}{{ c.pos }}{{ c.items }}
{% set c = cycler(1) %}{% for i in range(3) %}{{ c.next() }}{% endfor %}
{% set c = cycler('odd','even') %}{% set n = c.next %}{{ n() }}{{ n() }}{{ c.current }}
{{ cycler() }}
{{ cycler(a=1) }}
{{ cycler(1).next(2) }}
{{ cycler(1).foo }}
{{ cycler(1).reset(1) }}
{% set j = joiner() %}{{ j() }}a{{ j() }}b{{ j() }}{{ j.used }}{{ j.sep }}
{% set j = joiner('|') %}{% for x in 'abc' %}{{ j() }}{{ x }}{% endfor %}
{% set j = joiner(sep=5) %}{{ j() }}{{ j() }}
{{ joiner(1,2) }}
{{ joiner(x=2) }}
{{ joiner()(1) }}
{% set ns = namespace(a=1) %}{{ ns.a }}{% set ns.a = 2 %}{% set ns.b = [1] %}{{ ns.a }}{{ ns.b }}{{ ns }}
{% set ns = namespace(found=false) %}{% for x in [1,2,3] %}{% if x == 2 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}
{% set ns = namespace({'x':1}, y=2) %}{{ ns.x }}{{ ns.y }}{{ ns }}
{{ namespace(1) }}
{{ namespace(1,2) }}
{{ namespace().x }}
{{ namespace(a=1)['a'] }}
{{ namespace() is defined }}{{ namespace(a=1) == namespace(a=1) }}{{ namespace() }}
{{ lipsum(0) }}{{ lipsum(0, html=false) }}{{ lipsum(n=-2) }}
{{ lipsum(1,2,3,4,5) }}
{{ lipsum(1,true,5,5) }}
{{ lipsum() is escaped }}{{ lipsum(html=false) is escaped }}{{ (lipsum(2,false,3,4)).split('\n\n')|length }}{{ (lipsum(1,false,7,8)).split(' ')|length }}
{% for i in range(3) %}{{ loop.index }}{{ i }}{% endfor %}
""",
}


def outcome(template):
    try:
        return {"template": template, "output": ENV.from_string(template).render()}
    except (RecursionError, MemoryError):
        return None
    except Exception as error:  # whatever class it is
        return {"template": template, "error": type(error).__name__, "message": str(error)}


ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}|\bid=\d{6,}|0x7f", re.IGNORECASE)


def save(folder, name, templates):
    cases = [case for case in map(outcome, templates) if case and not ADDRESS.search(json.dumps(case))]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8", newline="\n") as out:
        out.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases) + "\n]\n")
    return len(cases)


def main():
    if sys.argv[1:2] == ["--fuzz"]:
        import resource

        from fuzz_filters import templates

        # Some arguments would fill the memory.
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

        count, seed, folder = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
        print(save(folder, f"fuzz{seed}", templates(random.Random(seed), count)))
        return
    total = 0
    for name, text in TOPICS.items():
        total += save("tests/filters_cases", name, [line for line in text.split("\n") if line])
    print(total)


if __name__ == "__main__":
    main()
