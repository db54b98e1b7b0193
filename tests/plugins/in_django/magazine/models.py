"""Pages of a made-up magazine."""

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page


class ArticlePageTag(TaggedItemBase):
    content_object = ParentalKey("ArticlePage", related_name="tagged_items", on_delete=models.CASCADE)


class FrontPage(Page):
    pass


class ArticlePage(Page):
    lead = RichTextField(blank=True)
    story = StreamField(
        [
            ("heading", blocks.CharBlock()),
            ("paragraph", blocks.RichTextBlock()),
            (
                "quote",
                blocks.StructBlock(
                    [("words", blocks.TextBlock()), ("who", blocks.CharBlock(required=False))]
                ),
            ),
            ("links", blocks.ListBlock(blocks.CharBlock())),
        ],
        blank=True,
    )
    tags = ClusterTaggableManager(through=ArticlePageTag, blank=True)
