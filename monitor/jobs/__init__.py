"""What happens after what?"""
