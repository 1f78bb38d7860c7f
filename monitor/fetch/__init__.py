"""How is a page asked for without hurting its server or being hurt by it?"""
