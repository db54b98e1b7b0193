"""The standard fields of an article and the names that sources use for them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ID_NAMES", "NAMES", "STAND_INS", "folded_column"]

ID_NAMES = ("id", "article_id")
"""Names of the id field. `STAND_INS` are used if a source has none of them."""

STAND_INS = (
    "guid",
    "uuid",
    "_id",
    "post_id",
    "postid",
    "id_article",
    "articleid",
    "news_id",
    "newsid",
    "story_id",
    "doc_id",
    "docid",
    "document_id",
    "node_id",
    "nid",
    "slug",
    "path",
    "permalink",
    "url",
    "link",
)
"""Fields used as the id of articles without one. The first that a source has serves all its articles."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "post_title", "name"),
    "text": (
        *("text", "body", "content", "html", "content_html", "body_html", "content_text", "body_text"),
        *("article_body", "articlebody", "post_content", "full_text", "fulltext", "plaintext", "markdown"),
    ),
    "published": (
        *(
            "published",
            "date",
            "published_at",
            "publishedat",
            "publication_date",
            "publish_date",
            "publishdate",
        ),
        *(
            "date_publish",
            "pubdate",
            "pub_date",
            "date_published",
            "datepublished",
            "published_date",
            "published_time",
        ),
        *("post_date_gmt", "post_date", "created_at", "createdat", "created", "date_created", "datecreated"),
    ),
    "section": ("section", "category", "categories"),
    "language": ("language", "lang", "locale"),
    "url": ("url", "link", "permalink", "canonical_url", "web_url"),
    "description": (
        *(
            "description",
            "summary",
            "excerpt",
            "standfirst",
            "meta_description",
            "post_excerpt",
            "dek",
            "subtitle",
        ),
        *("abstract", "teaser", "lede", "og_description", "brief"),
    ),
    "image": (
        *("image", "image_url", "imageurl", "og_image", "thumbnail", "thumbnail_url", "feature_image"),
        *(
            "featured_image",
            "featuredimage",
            "cover_image",
            "cover",
            "banner_image",
            "hero_image",
            "picture",
            "coverimage",
            "urltoimage",
            "mainimage",
        ),
    ),
}
"""Names of each field in order of precedence. Case is ignored; spaces and hyphens count as underscores."""


def folded_column(name: str) -> str:
    """Return a column name in lower case, with spaces and hyphens as underscores."""
    return name.strip().casefold().replace(" ", "_").replace("-", "_")
