{#- JWT_RSA_PRIVATE_KEY as JSON Web Keys (RFC 7517 and 7518), the one to sign with and the one to check with.

    The key object knows p, q and u, where u*p = 1 (mod q); a JWK wants qi, where qi*q = 1 (mod p).
    Which prime is called p is nobody's business, so ours trade names, and u is qi. -#}
{%- macro signing_key() -%}
{%- set key = JWT_RSA_PRIVATE_KEY|rsa_import_key -%}
{
    "kid": "openedx",
    "kty": "RSA",
    "n": "{{ key.n|long_to_base64 }}",
    "e": "{{ key.e|long_to_base64 }}",
    "d": "{{ key.d|long_to_base64 }}",
    "p": "{{ key.q|long_to_base64 }}",
    "q": "{{ key.p|long_to_base64 }}",
    "dp": "{{ (key.d % (key.q - 1))|long_to_base64 }}",
    "dq": "{{ (key.d % (key.p - 1))|long_to_base64 }}",
    "qi": "{{ key.u|long_to_base64 }}",
}
{%- endmacro -%}
{%- macro public_key() -%}
{%- set key = JWT_RSA_PRIVATE_KEY|rsa_import_key -%}
{
    "kid": "openedx",
    "kty": "RSA",
    "n": "{{ key.n|long_to_base64 }}",
    "e": "{{ key.e|long_to_base64 }}",
}
{%- endmacro -%}
